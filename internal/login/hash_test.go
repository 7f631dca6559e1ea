package login

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/secret"
)

func TestHashFitsItsPasswordOnly(t *testing.T) {
	phc, err := Hash("Åke äter ösregn")
	must(t, err)
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Fatal(phc)
	}
	again, err := Hash("Åke äter ösregn")
	must(t, err)
	if again == phc {
		t.Fatal("two hashes of one password are equal: no salt")
	}
	for password, want := range map[string]bool{
		"Åke äter ösregn":                   true,
		"A\u030Ake a\u0308ter o\u0308sregn": true, // the same signs, composed of two
		"åke äter ösregn":                   false, "": false, "Åke äter ösregn ": false,
	} {
		if got, err := Verify(ctx, phc, password); err != nil || got != want {
			t.Errorf("%q: %v %v", password, got, err)
		}
	}
}

// A hash made elsewhere (the reference implementation's command argon2) is read.
func TestVerifyReadsTheStandardForm(t *testing.T) {
	ok, err := Verify(ctx, "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
}

func FuzzVerify(f *testing.F) {
	for _, s := range []string{nobody, "", "$argon2id$v=19$m=99999999,t=3,p=1$AA$AA", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=19$m=32768,t=3,p=1$!$!", "$argon2id$v=19$m=32768,t=0,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, phc string) {
		if len(phc) > 200 || strings.Contains(phc, "m=") && !strings.Contains(phc, "m=8,t=1") && phc != nobody {
			return // only cheap hashes are tried out
		}
		if ok, _ := Verify(ctx, phc, "password"); ok {
			t.Log("the fuzzer found the password")
		}
	})
}

func TestPasswordRule(t *testing.T) {
	for password, want := range map[string]string{
		"kolme hiljaista hirveä": "", "Xk4#mPq9!vLz": "", "пароль очень длинный": "", "kolmekymmentä": "",
		"yksitoista1": "login.password_short", "": "login.password_short", "ääääääääääy": "login.password_short",
		strings.Repeat("ab cde", 34): "login.password_long", "kolme \xff hiljaista": "login.password_long",
		"anna.laine12": "login.password_name", "ANNA.LAINE2026!": "login.password_name", "Anna.Laine pitää hirvistä": "",
		"Salasana2026": "login.password_common", "password1234": "login.password_common", "kuntouttava-työ1": "login.password_common",
		"aaaaaaaaaaaa": "login.password_common", "abababababab": "login.password_common", "123456789012": "login.password_common",
		"qwertyuiop12": "login.password_common", "abcdefghijklmn": "login.password_common",
	} {
		if got := CheckPassword(password, "anna.laine"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

// What the program itself makes passes its own rule.
func TestSecretsPassTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := secret.Code()
		if len(s) != 19 || CheckPassword(s, rapid.StringN(1, 8, 8).Draw(t, "username")) == "login.password_short" {
			t.Fatal(s)
		}
	})
}
