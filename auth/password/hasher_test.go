package password_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
)

const (
	phrase = "correct horse battery"
	cheap  = "$argon2id$v=19$m=64,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg$FOr2/B0B+KhFsUs2jOfFZ4zxqazV93mYJFguXzwX/mY" // of phrase
)

func newHasher(t testing.TB) *password.Hasher {
	t.Helper()
	h, err := password.New(password.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// text is a hash as a database gets it.
func text(t testing.TB, h password.Hash) string {
	t.Helper()
	v, err := h.Value()
	if err != nil {
		t.Fatal(err)
	}
	return v.(string)
}

func TestSD064HashesAreArgon2idAtTheCostOfOWASP(t *testing.T) {
	t.Parallel()
	h := newHasher(t)
	one, err1 := h.Hash(t.Context(), tenon.NewSecret(phrase))
	two, err2 := h.Hash(t.Context(), tenon.NewSecret(phrase))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text(t, one), "$argon2id$v=19$m=19456,t=2,p=1$") || text(t, one) == text(t, two) {
		t.Errorf("hashes are %s and %s", text(t, one), text(t, two))
	}
	for plain, want := range map[string]bool{phrase: true, phrase + " ": false, "": false, strings.ToUpper(phrase): false} {
		ok, newer, err := h.Verify(t.Context(), tenon.NewSecret(plain), one)
		if ok != want || !newer.IsZero() || err != nil {
			t.Errorf("%q: %v, %v, newer %v, want %v and nothing newer", plain, ok, err, !newer.IsZero(), want)
		}
	}
}

func TestSD064LongPasswordsAreNotCut(t *testing.T) {
	t.Parallel()
	h := newHasher(t)
	long := strings.Repeat("0123456789", 100)
	hash, err := h.Hash(t.Context(), tenon.NewSecret(long))
	if err != nil {
		t.Fatal(err)
	}
	django := password.Stored("bcrypt_sha256$$2b$06$CCCCCCCCCCCCCCCCCCCCC.ujA0thqfohFW/B8pF64gFIbjbB8dmNW")
	for _, stored := range []password.Hash{hash, django} {
		if ok, _, err := h.Verify(t.Context(), tenon.NewSecret(long), stored); !ok || err != nil {
			t.Errorf("1,000 bytes: %v, %v", ok, err)
		}
		if ok, _, err := h.Verify(t.Context(), tenon.NewSecret(long[:999]+"x"), stored); ok || err != nil {
			t.Errorf("another last byte: %v, %v", ok, err)
		}
	}
	if _, err := h.Hash(t.Context(), tenon.NewSecret(strings.Repeat("x", password.MaxBytes+1))); !errors.Is(err, password.ErrTooLong) {
		t.Errorf("more than MaxBytes: %v", err)
	}
}

// TestSD064OldHashesVerifyAndAreReplaced: the hashes were made by Python's hashlib and by libxcrypt.
func TestSD064OldHashesVerifyAndAreReplaced(t *testing.T) {
	t.Parallel()
	h := newHasher(t)
	for name, stored := range map[string]string{
		"bcrypt":                "$2b$06$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"bcrypt of PHP":         "$2y$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.",
		"bcrypt of Django":      "bcrypt$$2b$06$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"bcrypt_sha256":         "bcrypt_sha256$$2b$06$CCCCCCCCCCCCCCCCCCCCC.YOOx/AztIiaROcwcv6/1jX6gIC4d.I.",
		"bcrypt-sha256 of 2":    "$bcrypt-sha256$v=2,t=2b,r=6$CCCCCCCCCCCCCCCCCCCCC.$bv94GSMTcK0dcbCYj3iWwRizT2XLE1C",
		"pbkdf2_sha256":         "pbkdf2_sha256$260000$saltsaltsalt1234$9KmqdHOimqYqN3Lafbp6QEMwO8r6DKTLlAu07dkLp6g=",
		"pbkdf2_sha1":           "pbkdf2_sha1$1000$saltsaltsalt1234$6YZxK5YTgzohYlFZpSMbtkIAqlA=",
		"pbkdf2-sha256":         "$pbkdf2-sha256$29000$MDEyMzQ1Njc4OWFiY2RlZg$HwysB.Ke0YuzHEd/zzqZI6iTbuC8ephxy6jSfQdwV8M",
		"scrypt of Django":      "scrypt$16384$saltsaltsalt1234$8$5$+nBRVI8MetOacp9d0FwAHx4dHl+BXK8xwyK4DkS6Lt06hy2v8fEeu5sFOsiLIhmM5wHPQronVr2Aptvt/7b48w==",
		"scrypt of passlib":     "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$xXt6EAFzAOlee5Hgl8R5+kLA6sDARjRcMGtm6fZJsa8",
		"argon2 of other costs": cheap,
		"argon2 of Django":      "argon2" + cheap,
	} {
		ok, newer, err := h.Verify(t.Context(), tenon.NewSecret(phrase), password.Stored(stored))
		if !ok || err != nil || newer.IsZero() {
			t.Errorf("%s: %v, %v, newer %v", name, ok, err, !newer.IsZero())
			continue
		}
		if ok, again, err := h.Verify(t.Context(), tenon.NewSecret(phrase), newer); !ok || err != nil || !again.IsZero() {
			t.Errorf("%s: the newer one: %v, %v", name, ok, err)
		}
		if ok, newer, err := h.Verify(t.Context(), tenon.NewSecret(phrase+"x"), password.Stored(stored)); ok || err != nil || !newer.IsZero() {
			t.Errorf("%s: a wrong password: %v, %v", name, ok, err)
		}
	}
}

// TestSD064Argon2iOfItsAuthors: the hash is that of the README of the reference implementation.
func TestSD064Argon2iOfItsAuthors(t *testing.T) {
	t.Parallel()
	stored := password.Stored("$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG")
	if ok, newer, err := newHasher(t).Verify(t.Context(), tenon.NewSecret("password"), stored); !ok || newer.IsZero() || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

// TestSD064ScryptOfItsAuthors: the hashes are those of the tests of Django and of the documentation of passlib.
func TestSD064ScryptOfItsAuthors(t *testing.T) {
	t.Parallel()
	for stored, plain := range map[string]string{
		"scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==": "lètmein",
		"$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E":                          "password",
	} {
		if ok, newer, err := newHasher(t).Verify(t.Context(), tenon.NewSecret(plain), password.Stored(stored)); !ok || newer.IsZero() || err != nil {
			t.Errorf("%s: %v, %v", stored, ok, err)
		}
	}
}

// TestSD064HostileHashesAreRefused at the cost of a hash of our own, whatever they ask for.
func TestSD064HostileHashesAreRefused(t *testing.T) {
	t.Parallel()
	var memory uint32
	h, err := password.Measured(password.Config{}, func(m uint32) { memory += m })
	if err != nil {
		t.Fatal(err)
	}
	const salt, tag = "$MDEyMzQ1Njc4OWFiY2RlZg$", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
	const django = "$salt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw=="
	for _, stored := range []string{
		"", "x", "plain text", "$", "$$", "$argon2id", "$argon2id$v=19$m=19456,t=2,p=1",
		"$argon2id$v=19$m=4294967295,t=2,p=1" + salt + tag, "$argon2id$v=19$m=131073,t=2,p=1" + salt + tag, "$argon2id$v=19$m=19456,t=11,p=1" + salt + tag,
		"$argon2id$v=19$m=19456,t=2,p=255" + salt + tag, "$argon2id$v=19$m=19456,t=0,p=1" + salt + tag, "$argon2id$v=19$m=19456,t=2,p=0" + salt + tag,
		"$argon2id$v=19$m=0,t=2,p=1" + salt + tag, "$argon2id$v=19$m=-1,t=2,p=1" + salt + tag, "$argon2id$v=19$m=+19456,t=2,p=1" + salt + tag,
		"$argon2id$v=19$m=019456,t=2,p=1" + salt + tag, "$argon2id$v=19$t=2,m=19456,p=1" + salt + tag, "$argon2id$v=16$m=19456,t=2,p=1" + salt + tag,
		"$argon2d$v=19$m=19456,t=2,p=1" + salt + tag, "$argon2id$v=19$m=19456,t=2,p=1$$" + tag, "$argon2id$v=19$m=19456,t=2,p=1" + salt,
		"$argon2id$v=19$m=19456,t=2,p=1" + salt + "MDEy", "$argon2id$v=19$m=19456,t=2,p=1" + salt + tag + "$", "$argon2id$v=19$m=8,t=2,p=2" + salt + tag,
		"$argon2id$v=19$m=19456,t=2,p=1" + salt + strings.Repeat("MDEy", 1000), "$argon2id$v=19$m=19456,t=2,p=1" + salt + "!" + tag[1:],
		"$2b$31$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq", "$2b$15$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"$2b$03$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq", "$2x$06$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"$2b$06$CCCCCCCCCCCCCCCCCCCCC.", "$2b$06$CCCCCCCCCCCCCCCCCCCCC!Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq", "bcrypt$", "bcrypt_sha256$",
		"$bcrypt-sha256$v=2,t=2b,r=31$CCCCCCCCCCCCCCCCCCCCC.$bv94GSMTcK0dcbCYj3iWwRizT2XLE1C", "$bcrypt-sha256$2b,6$CCCCCCCCCCCCCCCCCCCCC.$bv94",
		"pbkdf2_sha256$2000001$salt$9KmqdHOimqYqN3Lafbp6QEMwO8r6DKTLlAu07dkLp6g=", "pbkdf2_sha256$0$salt$9KmqdHOimqYqN3Lafbp6QEMwO8r6DKTLlAu07dkLp6g=",
		"pbkdf2_sha256$1000$$9KmqdHOimqYqN3Lafbp6QEMwO8r6DKTLlAu07dkLp6g=", "pbkdf2_sha256$1000$salt$", "pbkdf2_sha256$1000$salt$9KmqdHOimqYq",
		"pbkdf2_md5$1000$salt$x", "md5$salt$x", "unsalted_md5$$x", "$1$salt$x", "$6$salt$x", "$pbkdf2-sha256$29000$$", "$scrypt$ln=16,r=8,p=1$x$y",
		"$scrypt$ln=20,r=8,p=1" + salt + tag, "$scrypt$ln=63,r=8,p=1" + salt + tag, "$scrypt$ln=16,r=64,p=1" + salt + tag, "$scrypt$ln=16,r=8,p=9" + salt + tag,
		"$scrypt$ln=0,r=8,p=1" + salt + tag, "$scrypt$ln=16,r=0,p=1" + salt + tag, "$scrypt$ln=16,r=8,p=0" + salt + tag, "$scrypt$ln=1,r=1,p=1" + salt + tag,
		"$scrypt$r=8,ln=16,p=1" + salt + tag, "$scrypt$ln=16,r=8" + salt + tag, "$scrypt$ln=16,r=8,p=1" + salt + "MDEy", "$scrypt$ln=16,r=8,p=1$$" + tag,
		"scrypt$16383" + django, "scrypt$1" + django, "scrypt$0" + django, "scrypt$-2" + django, "scrypt$1048576" + django, "scrypt$16384$salt$8$1$MDEy", "scrypt$16384$salt$8$1",
		"scrypt$16384$$8$1$" + django[len("$salt$8$1$"):], "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D", "$5$salt$x", "$apr1$salt$x",
	} {
		memory = 0
		ok, newer, err := h.Verify(t.Context(), tenon.NewSecret(phrase), password.Stored(stored))
		if ok || !newer.IsZero() || !errors.Is(err, password.ErrUnreadable) || memory != 19456 {
			t.Errorf("%.60q: %v, %v for %d KiB", stored, ok, err, memory)
		}
	}
}

// TestSD065NobodyCostsAsMuchAsAnybody counts hashes; what they take in time is measured by a command of bench.
func TestSD065NobodyCostsAsMuchAsAnybody(t *testing.T) {
	t.Parallel()
	var hashed int
	h, err := password.Measured(password.Config{Working: 1}, func(uint32) { hashed++ })
	if err != nil {
		t.Fatal(err)
	}
	hash, err := h.Hash(t.Context(), tenon.NewSecret(phrase))
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range map[string]password.Hash{"nobody": {}, "somebody": hash, "Django's nobody": password.Stored("!BOnBAzcF"), "no random end": password.Stored("!")} {
		hashed = 0
		if ok, _, err := h.Verify(t.Context(), tenon.NewSecret("wrong horse battery"), stored); ok || err != nil || hashed != 1 {
			t.Errorf("%s: %v, %v after %d hashes, want one", name, ok, err, hashed)
		}
	}
}

// TestSD065WhereHashesAreImportedAllCostTheSame counts hashes of argon2 by their memory; the imported ones are cheap here.
func TestSD065WhereHashesAreImportedAllCostTheSame(t *testing.T) {
	t.Parallel()
	var cost []uint32
	h, err := password.Measured(password.Config{Imported: password.Stored("argon2" + cheap)}, func(memory uint32) { cost = append(cost, memory) })
	if err != nil {
		t.Fatal(err)
	}
	own, err := h.Hash(t.Context(), tenon.NewSecret(phrase))
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range map[string]password.Hash{
		"nobody": {}, "Django's nobody": password.Stored("!BOnBAzcF"), "unreadable": password.Stored("x"), "our own": own, "imported": password.Stored(cheap),
	} {
		for _, plain := range []string{phrase, "wrong horse battery"} {
			cost = nil
			ok, _, err := h.Verify(t.Context(), tenon.NewSecret(plain), stored)
			if ok != (plain == phrase && (name == "our own" || name == "imported")) || (err != nil) != (name == "unreadable") {
				t.Errorf("%s, %s: %v, %v", name, plain, ok, err)
			}
			slices.Sort(cost)
			if !slices.Equal(cost, []uint32{64, 19456}) {
				t.Errorf("%s, %s: hashes of %d KiB, want one of our own and one of the imported", name, plain, cost)
			}
		}
	}
	if _, err := password.New(password.Config{Imported: password.Stored("$2b$31$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq")}); err == nil || !strings.Contains(err.Error(), "Imported") {
		t.Errorf("an imported hash that would cost too much: %v", err)
	}
}

// TestSD065AWrongPasswordForAnImportedHashCostsWhatTheRightOneDoes also where nobody has said that there are such.
func TestSD065AWrongPasswordForAnImportedHashCostsWhatTheRightOneDoes(t *testing.T) {
	t.Parallel()
	var own int
	h, err := password.Measured(password.Config{}, func(uint32) { own++ })
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []string{phrase, "wrong horse battery"} {
		own = 0
		if _, _, err := h.Verify(t.Context(), tenon.NewSecret(plain), password.Stored("$2b$06$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq")); err != nil || own != 1 {
			t.Errorf("%s: %d hashes of our own, %v", plain, own, err)
		}
	}
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const working, waiting, callers = 2, 3, 10
		release := make(chan struct{})
		h, err := password.Measured(password.Config{Working: working, Waiting: waiting}, func(uint32) { <-release })
		if err != nil {
			t.Fatal(err)
		}
		var busy, done atomic.Int64
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				switch _, _, err := h.Verify(t.Context(), tenon.NewSecret(phrase), password.Hash{}); {
				case errors.Is(err, password.ErrBusy):
					busy.Add(1)
				case err == nil:
					done.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if busy.Load() != callers-working-waiting || done.Load() != 0 {
			t.Errorf("%d were refused and %d hashed while nothing was done", busy.Load(), done.Load())
		}
		close(release)
		all.Wait()
		if done.Load() != working+waiting {
			t.Errorf("%d were hashed, want %d", done.Load(), working+waiting)
		}
	})
}

// TestSignUpsLeaveRoomForLogins has more new passwords come than there are places; then somebody signs in.
func TestSignUpsLeaveRoomForLogins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		working, waiting int
		refused          int // of the new passwords
		before           int // hashes that end before that of the login does
	}{
		{2, 6, 16, 2},
		{1, 7, 16, 1},
		{2, -1, 19, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			step := make(chan struct{})
			h, err := password.Measured(password.Config{Working: tt.working, Waiting: tt.waiting}, func(uint32) { <-step })
			if err != nil {
				t.Fatal(err)
			}
			var busy, hashed atomic.Int64
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					switch _, err := h.Hash(t.Context(), tenon.NewSecret(phrase)); {
					case errors.Is(err, password.ErrBusy):
						busy.Add(1)
					case err != nil:
						t.Error(err)
					default:
						hashed.Add(1)
					}
				})
			}
			synctest.Wait()
			before := int64(-1)
			all.Go(func() {
				if _, _, err := h.Verify(t.Context(), tenon.NewSecret(phrase), password.Hash{}); err != nil {
					t.Error(err)
				}
				before = hashed.Load()
			})
			synctest.Wait()
			for range 20 - tt.refused + 1 {
				step <- struct{}{}
				synctest.Wait()
			}
			all.Wait()
			if busy.Load() != int64(tt.refused) || before > int64(tt.before) {
				t.Errorf("%+v: %d refused, and the login is over after %d of the others", tt, busy.Load(), before)
			}
		})
	}
}

func TestWhoWaitsMayLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		h, err := password.Measured(password.Config{Working: 1}, func(uint32) { <-release })
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() { _, _ = h.Hash(t.Context(), tenon.NewSecret(phrase)) })
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		all.Go(func() {
			_, _, err := h.Verify(ctx, tenon.NewSecret(phrase), password.Hash{})
			left <- err
		})
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
		close(release)
		all.Wait()
	})
}

func TestNewTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := password.New(password.Config{Memory: 1 << 20, Passes: 11, Working: -1, Waiting: 1 << 20})
	for _, part := range []string{"Memory", "Passes", "Working", "Waiting"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error does not name %s: %v", part, err)
		}
	}
	for _, cfg := range []password.Config{{Memory: 8192}, {Memory: 20000, Passes: 1}} {
		if _, err := password.New(cfg); err == nil {
			t.Errorf("%+v is weaker than OWASP's, and taken", cfg)
		}
	}
	if _, err := password.New(password.Config{Memory: 47104, Passes: 1, Working: runtime.GOMAXPROCS(0)}); err != nil {
		t.Error(err)
	}
}
