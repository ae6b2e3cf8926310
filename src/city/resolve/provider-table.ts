/** [providers.<name>] (gascity-spec §1.7). */
export interface ProviderTable {
  readonly display_name?: string | undefined;
  readonly command?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly prompt_mode?: "arg" | "flag" | "none" | undefined;
  readonly prompt_flag?: string | undefined;
  readonly ready_delay_ms?: number | undefined;
  readonly ready_prompt_prefix?: string | undefined;
  readonly process_names?: readonly string[] | undefined;
  readonly emits_permission_warning?: boolean | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly path_check?: string | undefined;
  readonly supports_acp?: boolean | undefined;
  readonly supports_hooks?: boolean | undefined;
  readonly instructions_file?: string | undefined;
  readonly resume_flag?: string | undefined;
  readonly resume_style?: string | undefined;
  readonly resume_command?: string | undefined;
  readonly session_id_flag?: string | undefined;
  readonly option_defaults?: Readonly<Record<string, string>> | undefined;
  readonly options_schema?: readonly OptionTable[] | undefined;
}

export interface OptionTable {
  readonly key: string;
  readonly label?: string | undefined;
  readonly type?: string | undefined;
  readonly default?: string | undefined;
  readonly choices?: readonly ChoiceTable[] | undefined;
}

export interface ChoiceTable {
  readonly value: string;
  readonly label?: string | undefined;
  readonly flag_args?: readonly string[] | undefined;
}
