package i18n

import "testing"

// Values go where their names stand, once: what a value says is not filled again, and what has no value stays.
func TestFill(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{n} asiakasta", "3 asiakasta"},
		{"{a}{n}{a}", "{n}3{n}"},
		{"{x} ja {n}", "{x} ja 3"},
		{"auki { ja {n", "auki { ja {n"},
		{"{ {n}", "{ 3"},
		{"ilman", "ilman"},
	} {
		if got := fill(c.text, []any{"n", 3, "a", "{n}"}); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		fill("{day}: {who} tapasi asiakkaan, {n} min", []any{"day", "1.3.2026", "who", "Mia Mallikas", "n", 45})
	}
}
