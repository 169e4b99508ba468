package accounts

import (
	"database/sql"
	"time"

	"github.com/tenon-go/tenon/data"
)

// sessionRow is a row of account_sessions: who signed in, and what the next refresh must show.
type sessionRow struct {
	ID      int64               `db:"id"`
	SID     string              `db:"sid" maxLength:"64" unique:""` // names the session to its owner, and in tokens
	Subject string              `db:"subject" maxLength:"255" index:"+id"`
	Family  string              `db:"family" maxLength:"64" unique:""`     // hash of what all refresh tokens of the session have
	Current string              `db:"current_hash" maxLength:"64"`         // hash of what the newest has
	Last    string              `db:"last_hash" default:"" maxLength:"64"` // of the one before; "" is none
	Nonce   string              `db:"nonce" default:"" maxLength:"64"`     // what made the newest of the one before
	Client  string              `db:"client" default:"" maxLength:"200"`   // what the client calls itself
	Address string              `db:"address" default:"" maxLength:"64"`   // where the login came from
	Created time.Time           `db:"created_at"`
	Rotated time.Time           `db:"rotated_at"`          // by the clock of the database, once it was refreshed
	Expires time.Time           `db:"expires_at" index:""` // unless it is refreshed
	Ended   sql.Null[time.Time] `db:"ended_at"`
}

// attemptRow is a row of account_attempts: how often something was tried.
type attemptRow struct {
	ID        int64     `db:"id"`
	Bucket    string    `db:"bucket" maxLength:"64" unique:""` // hash of what is counted
	Tries     int64     `db:"tries" minimum:"0"`
	Last      time.Time `db:"last_at"`
	DayTries  int64     `db:"day_tries" minimum:"0"`
	DaySince  time.Time `db:"day_since"`
	NotBefore time.Time `db:"not_before"`
	Forget    time.Time `db:"forget_at" index:""` // when nothing hangs on it any more
}

// keyRow is a row of account_keys.
type keyRow struct {
	ID      int64               `db:"id"`
	KID     string              `db:"kid" maxLength:"64" unique:""` // names the key to its owner, and in logs
	Subject string              `db:"subject" maxLength:"255" index:"+id"`
	Name    string              `db:"name" minLength:"1" maxLength:"100"`
	Hash    string              `db:"hash" maxLength:"64" unique:""`
	Scopes  string              `db:"scopes" maxLength:"4000"` // with spaces between them
	Created time.Time           `db:"created_at"`
	Expires time.Time           `db:"expires_at" index:""`
	Ended   sql.Null[time.Time] `db:"ended_at"`
}

var (
	sessions = data.NewTable[sessionRow]("account_sessions", "id")
	attempts = data.NewTable[attemptRow]("account_attempts", "id")
	keys     = data.NewTable[keyRow]("account_keys", "id")

	sessionSID     = data.NewColumn[string]("sid")
	sessionFamily  = data.NewColumn[string]("family")
	sessionAddress = data.NewColumn[string]("address")
	bySubject      = data.NewColumn[string]("subject")
	created        = data.NewColumn[time.Time]("created_at")
	expires        = data.NewColumn[time.Time]("expires_at")
	ended          = data.NewColumn[time.Time]("ended_at")
	keyHash        = data.NewColumn[string]("hash")
	keyKID         = data.NewColumn[string]("kid")
	attemptBucket  = data.NewColumn[string]("bucket")
	rowID          = data.NewColumn[int64]("id")
)

// Models are the tables of this package, for the command migrate of the service.
func Models() []data.Model { return []data.Model{sessions, attempts, keys} }
