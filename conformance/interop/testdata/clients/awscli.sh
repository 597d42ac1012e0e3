#!/usr/bin/env bash
# The choreographies of the README with the AWS CLI (the program $1), against the
# endpoint $2. The CLI takes most of a second to start, so nothing is done twice.
set -euo pipefail
export AWS_PAGER=

say() {
  printf '%s\n' "$*" >&2
  exit 1
}

# dsql REGION COMMAND... prints what --query picks, as text.
dsql() {
  "$aws" dsql --endpoint-url "$endpoint" --output text --region "$@"
}

# same WHAT GOT WANT
same() { [ "$2" = "$3" ] || say "$1: got $2, want $3"; }

# settle REGION ID STATUS waits for a status, or for "gone".
settle() {
  local got
  for _ in $(seq 60); do
    got=$(dsql "$1" get-cluster --identifier "$2" --query status 2>&1) || {
      case $got in *ResourceNotFoundException*) got=gone ;; *) say "get-cluster: $got" ;; esac
    }
    [ "$got" != "$3" ] || return 0
    sleep 0.2
  done
  say "status of $2: got $got, want $3"
}

aws=$1 endpoint=$2
account=123456789012
policy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::'$account':root"},"Action":["dsql:GetCluster"],"Resource":"*"}]}'

# A single-Region cluster, its tags, its policy, its stream.
read -r id arn status < <(dsql us-east-1 create-cluster --deletion-protection-enabled --tags team=blue --query '[identifier,arn,status]')
same 'status of a new cluster' "$status" CREATING
settle us-east-1 "$id" ACTIVE
refusal=$(dsql us-east-1 delete-cluster --identifier "$id" 2>&1) && say 'delete of a protected cluster: got a success, want a ValidationException'
case $refusal in *ValidationException*) ;; *) say "delete of a protected cluster: $refusal" ;; esac
dsql us-east-1 tag-resource --resource-arn "$arn" --tags stage=test
same tags "$(dsql us-east-1 list-tags-for-resource --resource-arn "$arn" --query 'tags.[stage,team]')" $'test\tblue'
dsql us-east-1 untag-resource --resource-arn "$arn" --tag-keys team
version=$(dsql us-east-1 put-cluster-policy --identifier "$id" --policy "$policy" --query policyVersion)
same 'policy version' "$(dsql us-east-1 get-cluster-policy --identifier "$id" --query policyVersion)" "$version"
dsql us-east-1 delete-cluster-policy --identifier "$id" --expected-policy-version "$version" >/dev/null
target='{"kinesis":{"streamArn":"arn:aws:kinesis:us-east-1:'$account':stream/changes","roleArn":"arn:aws:iam::'$account':role/changes"}}'
stream=$(dsql us-east-1 create-stream --cluster-identifier "$id" --target-definition "$target" --ordering UNORDERED --format JSON --query streamIdentifier)
same streams "$(dsql us-east-1 list-streams --cluster-identifier "$id" --query 'streams[].streamIdentifier')" "$stream"
dsql us-east-1 get-stream --cluster-identifier "$id" --stream-identifier "$stream" >/dev/null
dsql us-east-1 delete-stream --cluster-identifier "$id" --stream-identifier "$stream" >/dev/null
dsql us-east-1 update-cluster --identifier "$id" --no-deletion-protection-enabled >/dev/null

# A multi-Region cluster in three calls.
read -r first first_arn status < <(dsql us-east-1 create-cluster --no-deletion-protection-enabled --multi-region-properties witnessRegion=us-west-2 --query '[identifier,arn,status]')
same 'status of a first member' "$status" PENDING_SETUP
read -r second second_arn < <(dsql us-east-2 create-cluster --no-deletion-protection-enabled --multi-region-properties "witnessRegion=us-west-2,clusters=$first_arn" --query '[identifier,arn]')
dsql us-east-1 update-cluster --identifier "$first" --multi-region-properties "witnessRegion=us-west-2,clusters=$second_arn" >/dev/null
settle us-east-1 "$first" ACTIVE
settle us-east-2 "$second" ACTIVE

# Pages: each of ours once.
listed=$(dsql us-east-1 list-clusters --page-size 1 --query 'clusters[].identifier' | tr '\t' '\n')
for name in "$id" "$first"; do
  same "how often $name is listed" "$(grep -cx "$name" <<<"$listed")" 1
done

dsql us-east-1 delete-cluster --identifier "$id" >/dev/null
same 'status of a deleted member' "$(dsql us-east-1 delete-cluster --identifier "$first" --query status)" PENDING_DELETE
dsql us-east-2 delete-cluster --identifier "$second" >/dev/null
settle us-east-1 "$id" gone
settle us-east-1 "$first" gone
settle us-east-2 "$second" gone
