/** Facts that belong to a log line: `{ key, ms }`. Never a token, a secret or what somebody wrote. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the framework says what it does: a fixed sentence and an object, so that one search finds one message's path. */
export interface Logger {
  debug(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
}

/** A logger that says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The same logger with fields that go into every line. */
export function withFields(logger: Logger, fields: LogFields): Logger {
  const level =
    (name: keyof Logger) =>
    (sentence: string, more?: LogFields): void =>
      logger[name](sentence, more === undefined ? fields : { ...fields, ...more });
  return { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
}
