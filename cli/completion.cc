// The script that teaches bash to complete inletctl's command line.
#include "cli/completion.h"

namespace inlet::cli {
namespace {

constexpr std::string_view kBash =
    R"bash(# bash completion of inletctl. For this shell: source <(inletctl completion bash)
# Names of what a verb lists: list (streams) or conf-keys.
_inletctl_names() {
  local address=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    # bash splits words at the colon of an address.
    if [[ ${COMP_WORDS[i]} == --address && ${COMP_WORDS[i + 2]} == : ]]; then
      address=(--address "${COMP_WORDS[i + 1]}:${COMP_WORDS[i + 3]}")
    elif [[ ${COMP_WORDS[i]} == --address ]]; then
      address=(--address "${COMP_WORDS[i + 1]}")
    fi
  done
  "${COMP_WORDS[0]}" "$1" --names --timeout 1s "${address[@]}" 2>/dev/null
}

_inletctl() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= word
  local verbs="create list show subscribe watch drop pause resume reconnect connections close send check completion"
  local aliases="describe get delete rm ls"
  local options="--address --timeout --help" candidates=
  verbs+=" update conf-keys conf-key export apply version"
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " $verbs $aliases " in *" ${word,,} "*) verb=${word,,}; break ;; esac
  done
  case $verb in describe | get) verb=show ;; delete | rm) verb=drop ;; ls) verb=list ;; esac
  COMPREPLY=()
  case $previous in
    --view) candidates="json data" ;;
    --output)
      if [[ $verb == export ]]; then compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return; fi
      candidates="json full"
      ;;
    --from) candidates="earliest latest -10 -1h" ;;
    -f | --file | --from-file | -o) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --stream) candidates=$(_inletctl_names list) ;;
    --conf-key) candidates=$(_inletctl_names conf-keys) ;;
    --set | --clear) candidates="settings. retention. labels. description datasource confKey schema recordOrigin" ;;
    --wait-for-message) candidates="5s 30s" ;;
    --state) candidates="resolving connecting connected backoff listening paused failed stalled" ;;
    --address | --timeout | --max | --name | --datasource | --label | --etag | --prune) return ;;
    --to | --where | --code | --reason) return ;;
  esac
  if [[ -z $candidates ]]; then
    case $verb in
      "") candidates="$verbs --help" ;;
      create) options+=" --file --name --datasource --conf-key --validate-only --allow-existing --json" ;;
      list) options+=" --state --label --json --names" ;;
      show | watch | connections) options+=" --json" ;;
      drop) options+=" --missing-ok --etag" ;;
      close) options+=" --code --reason" ;;
      update) options+=" --set --clear --from-file --etag --allow-missing --dry-run --json" ;;
      conf-keys) options+=" --json --names" ;;
      conf-key) options+=" --from-file --clear --replace --dry-run --etag --json" ;;
      export) options+=" --output" ;;
      apply) options+=" --file --dry-run --exit-code --prune" ;;
      send) options+=" --to --where --all" ;;
      subscribe) options+=" --from --max --until-now --output --view --rejects --quiet" ;;
      check) options+=" --stream --conf-key --datasource --wait-for-message --json" ;;
      completion) candidates="bash" ;;
    esac
    if [[ -n $verb && $current == -* ]]; then
      candidates=$options
    else
      case $verb in
        show | drop | subscribe | watch | pause | resume | reconnect | connections | close | send | update | export)
          candidates=$(_inletctl_names list)
          ;;
        conf-key)
          candidates="get put delete"
          [[ ${previous,,} =~ ^(get|show|put|delete|drop)$ ]] && candidates=$(_inletctl_names conf-keys)
          ;;
      esac
    fi
  fi
  mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
}
complete -F _inletctl inletctl
)bash";

}  // namespace

std::string_view BashCompletion() { return kBash; }

}  // namespace inlet::cli
