package session

import (
	"encoding/binary"
	"errors"
	"time"
)

// record is what is kept of a session: in the cookie, or in the store.
type record struct {
	created time.Time
	used    time.Time
	text    []byte // the value as JSON; nil is an empty session
}

const (
	recordVersion = 1
	recordHead    = 1 + 8 + 8
)

// bytes are those of the record, which stand before the text.
func (r *record) bytes() []byte {
	b := make([]byte, 0, recordHead+len(r.text))
	b = append(b, recordVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(r.created.Unix()))
	b = binary.BigEndian.AppendUint64(b, uint64(r.used.Unix()))
	return append(b, r.text...)
}

var (
	errRecord = errors.New("what is kept is no session")
	errEnded  = errors.New("it has ended")
)

// readRecord reads what bytes made, and refuses what has ended. The text is a copy.
func readRecord(b []byte, now time.Time, idle, absolute time.Duration) (record, error) {
	if len(b) <= recordHead || b[0] != recordVersion {
		return record{}, errRecord
	}
	r := record{
		created: time.Unix(int64(binary.BigEndian.Uint64(b[1:])), 0),
		used:    time.Unix(int64(binary.BigEndian.Uint64(b[9:])), 0),
		text:    append([]byte(nil), b[recordHead:]...),
	}
	if now.Sub(r.used) >= idle || now.Sub(r.created) >= absolute {
		return record{}, errEnded
	}
	return r, nil
}
