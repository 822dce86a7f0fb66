# What the session with 10,000 prompts in docs/cli.md uses besides stashai itself. PromptSessionTests sets CHAT_API_URL to its scripted
# fake of a server in OpenAI's form, and SERVICES_DIR to the declarations of this repository.

# Starts `stashai serve`, or starts it again on the same address and data, and returns when it is ready.
serve() {
  exec 3< <(exec stashai serve --urls "${STASHAI_URL:-http://127.0.0.1:0}" --data data --visage-url none 2>> serve.log)
  server=$!
  local line
  while read -r line <&3; do
    case $line in
      *" is ready at "*)
        line=${line#* is ready at }
        line=${line%% *}
        export STASHAI_URL=${line%/}
        break ;;
    esac
  done
  cat <&3 > /dev/null &
}

# Returns when the fake has answered half of the prompts.
halfway() { curl -s "$CHAT_API_URL/halfway" > /dev/null; }

trap 'kill -9 "$server" 2> /dev/null' EXIT
