/**
 * Shell of a program that behaves as an agent does at its start: asks whether it may trust the folder and work without
 * permissions, each on a screen of its own, then shows the prompt `❯ `. What it was started with and what it hears it
 * writes into the file `heard` of its work dir, one thing a line.
 */
export const fakeAgent = `
stty -echo
told() { printf '%s\\n' "$1" >>heard; }
for argument; do told "argument $argument"; done
screen() { printf '\\033[2J\\033[H'; printf '%s\\n' "$@"; }
screen 'Do you trust the files in this folder?' '❯ 1. Yes, proceed' '  2. No, exit'
read -r keys; told "trust [$keys]"
screen 'WARNING: in Bypass Permissions mode nobody' 'is asked' '❯ 1. No, exit' '  2. Yes, I accept'
read -r keys; told "permissions [$(printf %s "$keys" | tr -d '\\033')]"
screen 'Welcome'
while printf '❯ '; IFS= read -r line; do told "heard $line"; done
`;

/** What it has written when it was started without anybody's help. */
export const answersOfFakeAgent = ["trust []", "permissions [[B]"];
