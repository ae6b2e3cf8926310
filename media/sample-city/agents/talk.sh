# A small agent: greets, answers each line it is given, and keeps it in notes/NAME.txt.
# Usage: sh agents/talk.sh 'what I say of myself'
name=${GC_ALIAS:-agent}
notes=notes/$name.txt
mkdir -p notes

printf 'Hello, I am %s. %s\n' "$name" "$1"
printf 'Type a line, or nudge me. I keep what you say in %s.\n\n' "$notes"

while printf '%s> ' "$name" && IFS= read -r line; do
  [ -n "$line" ] || continue
  printf '%s\n' "$line" >>"$notes"
  case $line in
  bye) printf 'Goodbye.\n' && exit 0 ;;
  *) printf '%s heard: %s (line %s of %s)\n' "$name" "$line" "$(wc -l <"$notes" | tr -d ' ')" "$notes" ;;
  esac
done
