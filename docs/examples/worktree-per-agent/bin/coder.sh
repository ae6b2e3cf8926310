#!/bin/sh
# Stands in for a coding agent: every line that it is told becomes a line of NOTES.md and a commit.
export GIT_AUTHOR_NAME="$GC_AGENT" GIT_AUTHOR_EMAIL=coder@example.com
export GIT_COMMITTER_NAME="$GC_AGENT" GIT_COMMITTER_EMAIL=coder@example.com
export GIT_PAGER=cat

echo "On the branch $(git branch --show-current) in $PWD"
while printf 'task> ' && read -r task; do
  echo "$task" >>NOTES.md
  git add NOTES.md
  git commit --quiet --message "$task" && git log --max-count=1 --format="%h %s"
done
