package reports

// What stands before the calls in a script, and the functions that they need.

const scriptHead = `#!/usr/bin/env bash
# Needs the AWS CLI, and credentials that the endpoint takes.
# Usage: ENDPOINT=http://127.0.0.1:8000 bash THIS-FILE
`

const scriptSettings = `set -u
: "${ENDPOINT:?set it to the URL of the endpoint}"
export AWS_PAGER= AWS_MAX_ATTEMPTS=1
`

// scriptFunctions are the functions that a script may need, in the order in
// which they are written.
var scriptFunctions = []struct{ name, text string }{
	{"letters", `letters() { LC_ALL=C tr -dc a-z </dev/urandom | head -c "$1"; }
`},
	{"as", `# as NAME puts in the keys of a principal, for the rest of a subshell.
as() {
  local key=KEY_OF_$1 secret=SECRET_OF_$1 session=SESSION_OF_$1
  export AWS_ACCESS_KEY_ID=${!key} AWS_SECRET_ACCESS_KEY=${!secret} AWS_SESSION_TOKEN=${!session-}
}
`},
	{"unchecked", `# unchecked COMMAND… makes a call that the AWS CLI would not send by itself. It
# finds keys in the environment and in the file of credentials alone.
unchecked() {
  local config status
  config=$(mktemp) || return
  printf '[%s]\nparameter_validation = false\n' "${AWS_PROFILE:+profile }${AWS_PROFILE:-default}" >"$config"
  AWS_CONFIG_FILE=$config "$@"
  status=$?
  rm -f -- "$config"
  return "$status"
}
`},
	{"await", `# await STATUS COMMAND… reads a status, at most 150 times.
await() {
  local try status=
  for ((try = 0; try < 150; try++)); do
    status=$("${@:2}" --query status --output text 2>&1)
    case $status in
      *ResourceNotFoundException*) status=gone ;;
    esac
    if [ "$status" = "$1" ]; then
      echo "$status"
      return
    fi
    sleep "${POLL:-2}"
  done
  echo "await: want $1, got $status" >&2
}
`},
	{"version", `# version NAME ANSWER keeps the policy version of an answer: $NAME_v1 is the
# first that the cluster NAME has answered.
version() {
  local version name n=1
  version=$(sed -n 's/^ *"policyVersion": "\(.*\)",\{0,1\}$/\1/p' <<<"$2")
  [ -n "$version" ] || return
  while name=$1_v$n && [ -n "${!name-}" ]; do
    [ "${!name}" != "$version" ] || return 0
    n=$((n + 1))
  done
  printf -v "$name" %s "$version"
  echo "$name = $version"
}
`},
	{"made", `# made NAME MEMBER ANSWER keeps an identifier or an ARN, if the answer tells one.
made() {
  local id
  id=$(sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p" <<<"$3" | head -n 1)
  [ -n "$id" ] || return 0
  printf -v "$1" %s "$id"
  echo "$1 = $id"
}
`},
	{"linked", `# linked ANSWER [NAME REGION]… keeps the clusters that an answer lists.
linked() {
  local answer=$1 arn
  shift
  for ((; $# > 1; )); do
    arn=$(grep -o "arn:[a-z-]*:dsql:$2:[0-9]*:cluster/[a-z0-9]*" <<<"$answer" | head -n 1)
    if [ -n "$arn" ]; then
      printf -v "$1" %s "${arn##*/}"
      printf -v "$1_arn" %s "$arn"
      echo "$1 = ${!1}"
    fi
    shift 2
  done
}
`},
	{"connect", `# connect IDENTIFIER REGION opens a connection to the cluster, with psql.
connect() {
  local host
  host=$(aws dsql get-cluster --endpoint-url "${ENDPOINT/REGION/$2}" --region "$2" \
    --identifier "$1" --query endpoint --output text) &&
    PGPASSWORD=$(aws dsql generate-db-connect-admin-auth-token --hostname "$host" --region "$2") \
      PGSSLMODE=require psql --host "$host" --username admin --dbname postgres --command 'select 1'
}
`},
	{"coded", `# coded TEXT percent-encodes every character.
coded() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F | sed 's/../%&/g'; }
`},
	{"escaped", `# escaped ARN percent-encodes what the path of a tag operation needs it of.
escaped() { printf %s "$1" | sed 's/:/%3A/g; s,/,%2F,g'; }
`},
	{"unsigned", `# unsigned REGION METHOD PATH [OPTION…] sends a request as it is, with curl.
unsigned() {
  curl --silent --show-error --include --globoff --path-as-is --max-time 60 \
    --request "$2" --url "${ENDPOINT/REGION/$1}$3" "${@:4}"
}
`},
	{"raw", `# raw REGION METHOD PATH [OPTION…] signs a request and sends it as it is, with
# curl. Not every curl signs a path with a percent sign rightly: 7.88 does not.
raw() {
  curl --silent --show-error --include --globoff --path-as-is --max-time 60 \
    --config <(
      printf 'user = "%s:%s"\n' "${AWS_ACCESS_KEY_ID:?}" "${AWS_SECRET_ACCESS_KEY:?}"
      [ -z "${AWS_SESSION_TOKEN-}" ] || printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"
    ) \
    --aws-sigv4 "aws:amz:$1:${SERVICE:-dsql}" --request "$2" --url "${ENDPOINT/REGION/$1}$3" "${@:4}"
}
`},
}
