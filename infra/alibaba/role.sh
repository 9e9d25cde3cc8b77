#!/usr/bin/env bash
# The Alibaba Cloud side: an OIDC provider that stands for an Entra tenant, a role that one Azure identity may assume, and a policy
# that lets it take members out of the security groups named here, and nothing else. With --isolation-group it may also contain hosts
# and restore them. No key is made.
#
# Says what it would do. Does it with --apply. May be run again: what is as it should be stays as it is.
set -euo pipefail

usage() {
  cat <<'USAGE'
role.sh up   --account N --tenant ID --client-id ID --principal ID --group sg-… [--group sg-…] [options] [--apply]
role.sh down --account N [options] [--apply]

  --account N        the Alibaba Cloud account, 16 digits; the CLI has to be logged in to this very account
  --tenant ID        the Entra tenant (AZURE_TENANT_ID)
  --client-id ID     the application (client) id of the Entra application that stands for Alibaba Cloud
  --principal ID     the object id of the app's identity (UNGROUP_PRINCIPAL_ID)
  --group sg-…       a security group that members may be taken out of; give it once for each. '*' is every group: what
                     contains hosts has to be able to take them out of whatever they are in
  --isolation-group sg-…
                     a group that contained hosts stay in; give it once for each. Members may then also be put into these
                     groups and back into those of --group; without it nobody is put anywhere
  --modify           with --isolation-group, for Accounts:<name>:ContainBy Modify: also the calls that set all groups at
                     once. They can do more to an instance than that, such as set its password

  --region ID        only there; default: every region
  --source-ip IP     only from this address (UNGROUP_OUTBOUND_ADDRESS)
  --role NAME        default: ungroup
  --provider NAME    default: ungroup-entra
  --policy NAME      default: ungroup
  --fingerprint HEX  of the CA certificate of login.microsoftonline.com; default: looked up, shown, and to be compared by you
  --apply            do it; without this nothing is changed

Needs: aliyun (logged in as somebody who may administer RAM), jq, openssl.
USAGE
  exit 2
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
account='' tenant='' client='' principal='' region='*' source_ip='' fingerprint='' apply=no modify=no groups=() isolation=()
role=ungroup provider=ungroup-entra policy=ungroup

[[ $# -gt 0 ]] || usage
verb=$1; shift
while [[ $# -gt 0 ]]; do
  case $1 in
    --apply) apply=yes; shift; continue ;;
    --modify) modify=yes; shift; continue ;;
    --*) [[ $# -ge 2 ]] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --account) account=$2 ;;
    --tenant) tenant=$2 ;;
    --client-id) client=$2 ;;
    --principal) principal=$2 ;;
    --group) groups+=("$2") ;;
    --isolation-group) isolation+=("$2") ;;
    --region) region=$2 ;;
    --source-ip) source_ip=$2 ;;
    --role) role=$2 ;;
    --provider) provider=$2 ;;
    --policy) policy=$2 ;;
    --fingerprint) fingerprint=$2 ;;
    *) usage ;;
  esac
  shift 2
done

fail() { echo "$*" >&2; exit 1; }
matches() { [[ $2 =~ $3 ]] || fail "$1 is '$2'; expected $4."; }

matches --account "$account" '^[0-9]{16}$' '16 digits'
for name in "$role" "$provider" "$policy"; do
  matches 'A name' "$name" '^[A-Za-z0-9-]{1,64}$' '1 to 64 of A-Z a-z 0-9 -'
done
for tool in aliyun jq; do
  command -v "$tool" > /dev/null || fail "$tool is not installed."
done

logged_in=$(aliyun sts GetCallerIdentity | jq -r .AccountId)
[[ $logged_in == "$account" ]] || fail "The CLI is logged in to account $logged_in, not to $account."

# Shows each change before it is made; makes it only with --apply.
change() {
  local word line='  aliyun'
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9:/.,~-]+$ ]] && line+=" $word" || line+=" '$word'"
  done
  echo "$line"
  [[ $apply == no ]] || aliyun "$@" > /dev/null
}

# What is not there is no error. Whatever else goes wrong is.
look() {
  local reply
  if reply=$(aliyun "$@" 2>&1); then
    printf '%s' "$reply"
  elif [[ $reply != *EntityNotExist* ]]; then
    fail "aliyun $1 $2 failed: $reply"
  fi
}

same() { [[ "$(jq -cS . <<< "$1")" == "$(jq -cS . <<< "$2")" ]]; }

attached() {
  local reply
  reply=$(look ram ListPoliciesForRole --RoleName "$role") || exit 1
  [[ -n $reply ]] && jq -e --arg policy "$policy" 'any(.Policies.Policy[]?; .PolicyName == $policy and .PolicyType == "Custom")' <<< "$reply" > /dev/null
}

# A tenant's name in text becomes text, whatever is in it: templates are filled as JSON, never as strings.
fill() {
  jq -c \
    --arg account "$account" --arg provider "$provider" --arg tenant "$tenant" --arg client "$client" --arg principal "$principal" \
    --arg region "$region" --arg ip "$source_ip" --argjson groups "$(jq -cn '$ARGS.positional' --args -- "${groups[@]}")" \
    --argjson isolation "$(jq -cn '$ARGS.positional' --args -- "${isolation[@]}")" '
    def put($name; $value): gsub($name; $value);
    def each($name; $values): walk(if type == "array"
      then map(if type == "string" and contains($name) then . as $resource | $values[] | . as $value | $resource | put($name; $value) else . end)
      else . end);
    each("__GROUP__"; $groups) | each("__ISOLATION__"; $isolation)
    | walk(if type == "string" then put("__ACCOUNT__"; $account) | put("__PROVIDER__"; $provider) | put("__TENANT__"; $tenant)
        | put("__CLIENT_ID__"; $client) | put("__PRINCIPAL__"; $principal) | put("__REGION__"; $region) else . end)
    | if $ip != "" and ([.Statement[] | has("Principal")] | any | not)
      then .Statement |= map(. + {Condition: {IpAddress: {"acs:SourceIp": [$ip]}}}) else . end' "$here/$1"
}

# SHA-1 of the last certificate that the issuer shows: that of the authority nearest to the root.
look_up_fingerprint() {
  command -v openssl > /dev/null || fail 'openssl is not installed; give --fingerprint.'
  openssl s_client -servername login.microsoftonline.com -showcerts -connect login.microsoftonline.com:443 < /dev/null 2> /dev/null \
    | awk '/BEGIN CERTIFICATE/ { text = "" } { text = text $0 "\n" } /END CERTIFICATE/ { last = text } END { printf "%s", last }' \
    | openssl x509 -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f'
}

# A managed identity is handed the same token for up to a day; RAM's own default, 12 hours, would refuse it from noon on.
readonly token_age=25

provider_up() {
  local found
  found=$(look ims GetOIDCProvider --OIDCProviderName "$provider")
  [[ -n $fingerprint ]] || fingerprint=$(look_up_fingerprint)
  matches --fingerprint "$fingerprint" '^[0-9a-fA-F]{40}$' '40 hexadecimal digits'
  echo "  fingerprint of login.microsoftonline.com: $fingerprint (compare it with what the RAM console shows, or with another network's)"
  if [[ -z $found ]]; then
    change ims CreateOIDCProvider --OIDCProviderName "$provider" --IssuerUrl "https://login.microsoftonline.com/$tenant/v2.0" \
      --ClientIds "$client" --Fingerprints "$fingerprint" --IssuanceLimitTime "$token_age" --Description 'Microsoft Entra, for Ungroup'
    return
  fi

  local issuer
  issuer=$(jq -r .OIDCProvider.IssuerUrl <<< "$found")
  [[ $issuer == "https://login.microsoftonline.com/$tenant/v2.0" ]] \
    || fail "OIDC provider $provider stands for $issuer, and an issuer cannot be changed; choose another name with --provider."
  jq -e --arg id "$client" '.OIDCProvider.ClientIds | split(",") | index($id)' <<< "$found" > /dev/null \
    || change ims AddClientIdToOIDCProvider --OIDCProviderName "$provider" --ClientId "$client"
  jq -e --arg print "${fingerprint,,}" '.OIDCProvider.Fingerprints | ascii_downcase | split(",") | index($print)' <<< "$found" > /dev/null \
    || change ims AddFingerprintToOIDCProvider --OIDCProviderName "$provider" --Fingerprint "$fingerprint"
}

role_up() {
  local wanted found
  wanted=$(fill trust-policy.json)
  found=$(look ram GetRole --RoleName "$role")
  if [[ -z $found ]]; then
    change ram CreateRole --RoleName "$role" --AssumeRolePolicyDocument "$wanted" --MaxSessionDuration 3600 --Description 'Ungroup, from Azure'
  elif ! same "$(jq -r .Role.AssumeRolePolicyDocument <<< "$found")" "$wanted"; then
    change ram UpdateRole --RoleName "$role" --NewAssumeRolePolicyDocument "$wanted"
  fi
}

# One policy of all that is asked for: what is narrower than that is a role of its own.
permissions() {
  local part parts=(permission-policy.json)
  [[ ${#isolation[@]} -eq 0 ]] || parts+=(contain-policy.json)
  [[ $modify == no ]] || parts+=(modify-policy.json)
  for part in "${parts[@]}"; do fill "$part"; done | jq -cs '{Version: "1", Statement: (map(.Statement) | add)}'
}

policy_up() {
  local wanted found
  wanted=$(permissions)
  # RAM's limit for a custom policy.
  [[ ${#wanted} -le 6144 ]] || fail "The policy has ${#wanted} characters, and RAM takes 6144; name fewer groups, or a role for each part of them."
  found=$(look ram GetPolicy --PolicyType Custom --PolicyName "$policy")
  if [[ -z $found ]]; then
    change ram CreatePolicy --PolicyName "$policy" --PolicyDocument "$wanted" --Description 'Ungroup: leave the named security groups'
  elif ! same "$(jq -r '.DefaultPolicyVersion.PolicyDocument' <<< "$found")" "$wanted"; then
    change ram CreatePolicyVersion --PolicyName "$policy" --PolicyDocument "$wanted" --SetAsDefault true \
      --RotateStrategy DeleteOldestNonDefaultVersionWhenLimitExceeded
  fi
  attached || change ram AttachPolicyToRole --PolicyType Custom --PolicyName "$policy" --RoleName "$role"
}

up() {
  local uuid='^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
  matches --tenant "$tenant" "$uuid" 'a GUID'
  matches --client-id "$client" "$uuid" 'a GUID'
  matches --principal "$principal" "$uuid" 'a GUID'
  [[ ${#groups[@]} -gt 0 ]] || fail 'No --group is given; expected each security group that members may be taken out of.'
  for group in "${groups[@]}"; do
    matches --group "$group" '^(\*|sg-[A-Za-z0-9]+)$' 'sg-…'
  done
  for group in "${isolation[@]}"; do
    matches --isolation-group "$group" '^sg-[A-Za-z0-9]+$' 'sg-…'
  done
  [[ $modify == no || ${#isolation[@]} -gt 0 ]] || fail '--modify is for containing hosts; expected an --isolation-group with it.'
  matches --region "$region" '^(\*|[a-z0-9-]+)$' 'a region such as cn-hangzhou'
  [[ -z $source_ip ]] || matches --source-ip "$source_ip" '^[0-9a-fA-F.:/]+$' 'an address or a range'

  echo "OIDC provider $provider"; provider_up
  echo "role $role"; role_up
  echo "policy $policy"; policy_up
}

down() {
  local found version
  if attached; then
    change ram DetachPolicyFromRole --PolicyType Custom --PolicyName "$policy" --RoleName "$role"
  fi

  found=$(look ram GetRole --RoleName "$role")
  [[ -z $found ]] || change ram DeleteRole --RoleName "$role"

  found=$(look ram ListPolicyVersions --PolicyType Custom --PolicyName "$policy")
  if [[ -n $found ]]; then
    # Older versions have to go first.
    for version in $(jq -r '.PolicyVersions.PolicyVersion[]? | select(.IsDefaultVersion | not) | .VersionId' <<< "$found"); do
      change ram DeletePolicyVersion --PolicyName "$policy" --VersionId "$version"
    done
    change ram DeletePolicy --PolicyName "$policy"
  fi

  found=$(look ims GetOIDCProvider --OIDCProviderName "$provider")
  [[ -z $found ]] || change ims DeleteOIDCProvider --OIDCProviderName "$provider"
}

case $verb in
  up) up ;;
  down) down ;;
  *) usage ;;
esac
[[ $apply == yes ]] && echo 'done' || echo 'nothing was changed; run it again with --apply'
