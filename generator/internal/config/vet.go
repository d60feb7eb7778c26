package config

import "github.com/oapi-guard/oapi-guard/generator/report/lint"

// vetSetting is the place of the setting of one rule.
type vetSetting struct {
	config *Config
	rule   string
}

func (s vetSetting) set(value string) {
	if s.config.Vet == nil {
		s.config.Vet = map[string]lint.Setting{}
	}
	s.config.Vet[s.rule] = lint.Setting(value)
}
