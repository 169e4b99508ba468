package ratelimit

import "github.com/tenon-go/tenon"

// Rates for meters of what only handlers know.
const (
	ResetsPerAccount  = "5/hour"
	MailsPerRecipient = "5/hour"
)

// Login is the limit of operations that take a password: 30 a minute per address, for all of them together. It does not know the account: count
// failures of one yourself, durably. The operations of data/accounts do both already, and need it not.
func Login() tenon.Option { return Shared("login", Limit{Per: "30/minute"}) }

// SignUp is the limit of operations that make an account: 10 an hour per address, for all of them together.
func SignUp() tenon.Option { return Shared("sign-up", Limit{Per: "10/hour"}) }

// Reset is the limit of operations that send a way back into an account: 20 an hour per address, for all of them together. Take from a Meter of
// ResetsPerAccount in the handler besides.
func Reset() tenon.Option { return Shared("reset", Limit{Per: "20/hour"}) }

// General is a limit for all operations of a service together: a caller has 600 requests a minute, 100 of them at once, and a client whom nobody knows
// 60 a minute per address, of which wrong credentials are counted by themselves; of either, 20 run at a time.
func General() tenon.Option {
	return Shared("general", Limit{
		By: Caller(), Choose: known,
		Plans: []Plan{
			{Name: "anonymous", Per: "60/minute", Concurrent: 20},
			{Name: "caller", Per: "600/minute", Strategy: TokenBucket, Burst: 100, Concurrent: 20},
		},
	})
}
