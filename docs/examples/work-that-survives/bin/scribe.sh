#!/bin/sh
# Stands in for an agent: every line that it is told becomes a line of notes.txt.
touch notes.txt
echo "There are $(grep -c '' notes.txt) notes"
while printf 'note> ' && read -r note; do
  echo "$note" >>notes.txt
  echo "Written: $note"
done
