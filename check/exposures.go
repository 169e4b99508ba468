package check

import (
	"fmt"
	"maps"
	"slices"
)

// exposures are what a service shows or leaves to chance where it runs.
func exposures() []Check {
	return []Check{
		{"T101", "Others can read what is sent.", "Serve TLS, or name the proxy that does as a trusted one.", Warning, func(s *Subject) []Place {
			plain := s.Server.TLS.CertFile == "" && s.Server.TLS.Config == nil && s.Server.Forwarded.TrustedProxies == nil
			return is(s.Server.Addr != "" && plain && !loopback(s.Server.Addr), "addr", "")
		}},
		{"T102", "Everybody can read the documentation in production.",
			"Set tenon.Config.Docs.Closed, or decide that the API is public.", Warning, func(s *Subject) []Place {
				return is(s.Production && s.App != nil && !s.App.Config().Docs.Closed, "tenon.Config: Docs", "")
			}},
		{"T103", "A secret can be guessed.", "Make it of 32 random characters.", Warning, func(s *Subject) []Place {
			return guessed(s, !s.Production) // production does not start with it: T013
		}},
		{"T104", "A variable looks like a setting and is none.", "Write its name as the command config does.", Warning, func(s *Subject) []Place {
			var places []Place
			for _, name := range slices.Sorted(maps.Keys(s.Mistyped)) {
				places = append(places, Place{name, "no setting has this variable; did you mean " + s.Mistyped[name] + "?"})
			}
			return places
		}},
		{"T105", "The process may open few files, of which each connection is one.",
			"Raise the limit (ulimit -n, LimitNOFILE) to 4096 or more.", Warning, func(s *Subject) []Place {
				return is(s.OpenFiles > 0 && s.OpenFiles < 1024, "process", fmt.Sprintf("it may open %d files", s.OpenFiles))
			}},
		{"T109", "How many requests are worked on at once has no bound, so that an overload makes all of them late.",
			"Set Admission of tenon.Config; in a program of package cli, give it Admission of its settings, and these the requests for each processor.",
			Warning, func(s *Subject) []Place {
				return is(s.Production && s.App != nil && s.App.Config().Admission.Requests == 0, "tenon.Config: Admission", "")
			}},
		{"T110", "The listener for operations, with pprof and the level of the log, is open to others in production.",
			"Listen on a loopback address or a Unix socket, or have a network policy in front and leave this finding.", Warning, func(s *Subject) []Place {
				open := s.Server.OperationsAddr != "" && s.Server.InsecureOperations && !loopback(s.Server.OperationsAddr)
				return is(s.Production && open, "operations", "")
			}},
		{"T108", "Others can read a file that is secret.",
			"chmod 600, with the user of the service as its owner.", Warning, func(s *Subject) []Place {
				if s.Production {
					return modes(s.SecretKeys, 0o040, "its group can read it") // T008 is for everybody
				}
				return modes(s.SecretKeys, 0o044, "others can read it")
			}},
		{"T106", "The document does not say what the API is.", "Set Title and Version of tenon.Config.", Warning, func(s *Subject) []Place {
			if s.App == nil {
				return nil
			}
			c := s.App.Config()
			return slices.Concat(is(c.Title == "API", "tenon.Config: Title", "it is the default"),
				is(c.Version == "0.0.0", "tenon.Config: Version", "it is the default"))
		}},
		{"T107", "The document has no description.", "Set Description of tenon.Config.", Warning, func(s *Subject) []Place {
			return is(s.App != nil && s.App.Config().Description == "", "tenon.Config: Description", "")
		}},
	}
}
