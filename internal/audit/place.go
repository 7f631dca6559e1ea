package audit

import (
	"context"
	"database/sql"
	"errors"

	"polku/internal/actor"
	"polku/internal/db"
)

// statement is SQL with its values.
type statement struct {
	text string
	args []any
}

// read runs a query on a log's connections, outside any transaction of a page.
func read(ctx context.Context, pool *sql.DB, text string, args []any, scan func(row func(...any) error) error) error {
	rows, err := pool.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// writer runs statements in one transaction.
type writer func(ctx context.Context, all []statement) error

// inFile writes to the use log's own file, by the loop that alone may.
func (l *Log) inFile(_ context.Context, all []statement) error {
	return l.do(func() error {
		err := l.file.Exec("begin immediate")
		if err != nil {
			return err
		}
		for _, s := range all {
			if err = l.file.Exec(s.text, s.args...); err != nil {
				return errors.Join(err, l.file.Exec("rollback"))
			}
		}
		if err = l.file.Exec("commit"); err != nil {
			err = errors.Join(err, l.file.Exec("rollback"))
		}
		return err
	})
}

// inMain writes to the embedded database by its own writer.
func (l *Log) inMain(tenant int64) writer {
	return func(ctx context.Context, all []statement) error {
		return l.db.Update(ctx, actor.System(tenant, actor.Checking, "seal"), func(tx *db.Tx) error {
			for _, s := range all {
				if _, err := tx.Exec(s.text, s.args...); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// inPostgres writes in a transaction that lets commands go on: it waits for nobody and makes nobody try again.
func (l *Log) inPostgres(ctx context.Context, all []statement) error {
	tx, err := l.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit this does nothing
	for _, s := range all {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
