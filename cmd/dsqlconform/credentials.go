package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
)

// embeddedKeys returns what the embedded endpoint accepts.
func embeddedKeys() aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, "")
}

// principalKeys returns what signs the calls of principals, by name.
func principalKeys(list []conformance.Principal) map[string]aws.CredentialsProvider {
	keys := map[string]aws.CredentialsProvider{}
	for _, p := range list {
		keys[p.Name] = credentials.NewStaticCredentialsProvider(p.AccessKey, p.SecretKey, "")
	}
	return keys
}

// dummy signs requests to loopback where no keys are set. Emulators take it.
const dummy = "test"

// accepted returns the keys that a served endpoint takes: its own, the dummy
// ones, and those that the other commands find in the same environment.
func accepted() (map[string]string, error) {
	ctx := context.Background()
	known := map[string]string{reference.AccessKey: reference.SecretKey, dummy: dummy}
	provider, err := keys(ctx, conformance.Preset{}, true)
	if err != nil {
		return nil, err
	}
	c, err := provider.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	known[c.AccessKeyID] = c.SecretAccessKey
	return known, nil
}

// keys returns what signs the requests: the preset's, or the default chain. On
// loopback the chain ends with what stands in the environment and in files, so
// that nothing but the target is asked, and dummy keys come last.
func keys(ctx context.Context, preset conformance.Preset, local bool) (aws.CredentialsProvider, error) {
	switch {
	case preset.Credentials.AccessKey != "":
		return credentials.NewStaticCredentialsProvider(preset.Credentials.AccessKey, preset.Credentials.SecretKey, ""), nil
	case preset.Credentials.File != "":
		shared, err := config.LoadSharedConfigProfile(ctx, "default", func(o *config.LoadSharedConfigOptions) {
			o.ConfigFiles, o.CredentialsFiles = []string{}, []string{preset.Credentials.File}
		})
		if err != nil || !shared.Credentials.HasKeys() {
			return nil, fmt.Errorf("%s holds no keys; does the target run?", preset.Credentials.File)
		}
		return fixed(shared.Credentials), nil
	case !local:
		c, err := config.LoadDefaultConfig(ctx)
		return c.Credentials, err
	}
	env, err := config.NewEnvConfig()
	if err != nil {
		return nil, err
	}
	if env.Credentials.HasKeys() {
		return fixed(env.Credentials), nil
	}
	profile := firstOf(os.Getenv("AWS_PROFILE"), os.Getenv("AWS_DEFAULT_PROFILE"))
	shared, err := config.LoadSharedConfigProfile(ctx, firstOf(profile, "default"), func(o *config.LoadSharedConfigOptions) {
		if env.SharedConfigFile != "" {
			o.ConfigFiles = []string{env.SharedConfigFile}
		}
		if env.SharedCredentialsFile != "" {
			o.CredentialsFiles = []string{env.SharedCredentialsFile}
		}
	})
	switch {
	case err == nil && shared.Credentials.HasKeys():
		return fixed(shared.Credentials), nil
	case err != nil && profile != "":
		return nil, err
	}
	return credentials.NewStaticCredentialsProvider(dummy, dummy, ""), nil
}

func fixed(c aws.Credentials) aws.CredentialsProvider {
	return credentials.StaticCredentialsProvider{Value: c}
}
