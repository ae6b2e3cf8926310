import * as z from "zod";
import { promptModes } from "./agent.ts";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

const choiceTable = z.strictObject({
  value: required(key.text("The choice as configurations write it.")),
  label: key.text("The choice as people read it."),
  flag_args: key.texts("The arguments that the choice adds to the command line."),
});

const optionTable = z.strictObject({
  key: required(key.text("The option's name.")),
  label: key.text("The option as people read it."),
  type: key.text('The kind of option; there is only `"select"`.'),
  default: key.text("The choice that holds when nobody chooses."),
  choices: key.tables(choiceTable, "What can be chosen."),
});
export type OptionTable = Immutable<z.infer<typeof optionTable>>;

/** [providers.NAME] (gascity-spec §1.7). */
export const providerTable = z.strictObject({
  display_name: key.text("The provider's name as people read it."),
  command: key.text("The program."),
  args: key.texts("Its arguments."),
  prompt_mode: key.oneOfKnown(promptModes, {
    description: "How the first prompt reaches the program: as its last argument, behind `prompt_flag`, or typed.",
    default: "arg",
  }),
  prompt_flag: key.text('The flag for `prompt_mode = "flag"`.'),
  ready_delay_ms: key.number("Milliseconds after which the program counts as ready when nothing else tells."),
  ready_prompt_prefix: key.text("What the program's screen shows when it is ready, at the start of a line."),
  process_names: key.texts("Patterns of the program's processes."),
  emits_permission_warning: key.flag("The program asks for a permission at its start, which is answered for it."),
  env: key.textMap("Environment variables of its agents."),
  path_check: key.text({
    description: "The program that must be there for the provider to be usable.",
    default: "the command",
  }),
  supports_acp: key.flag("The program speaks the Agent Client Protocol."),
  supports_hooks: key.flag("The program runs hooks, by which it asks for its prompt and work."),
  instructions_file: key.text("The file that the program reads its instructions from."),
  resume_flag: key.text("The flag, or the subcommand, that resumes a session by its key."),
  resume_style: key.text({ description: 'Whether `resume_flag` is a `"flag"` or a `"subcommand"`.', default: "flag" }),
  resume_command: key.text("The whole command line that resumes a session; `{{.SessionKey}}` stands for its key."),
  session_id_flag: key.text("The flag that gives a new session its key."),
  permission_modes: key.textMap("The flag of each permission mode."),
  option_defaults: key.textMap("Choices for the options, instead of their defaults."),
  options_schema: key.tables(optionTable, "The options that agents can choose from, and the arguments they stand for."),
  print_args: key.texts("The arguments for one answer without a session."),
  title_model: key.text("The choice of the option `model` that is used to find titles."),
});
export type ProviderTable = Immutable<z.infer<typeof providerTable>>;
