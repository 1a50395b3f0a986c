import { ConfigError, type Environment, readConfig } from "../../../src/config";

const SPIKA = {
  SPIKA_BASE_URL: "https://chat.example.com",
  SPIKA_API_KEY: "key",
  SPIKA_VERIFICATION_SIGNATURE: "EDbJcDITStxFy75W",
};
const PATH = "0123456789abcdef0123456789abcdef";

function faultsOf(env: Environment): readonly string[] {
  try {
    readConfig({ ...SPIKA, ...env }, { cwd: "/srv/bot", isTerminal: false });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it.each<[string, Environment]>([
  ["nothing more", {}],
  ["a path of 32 characters", { SPIKA_GLOBAL_BOT_PATH: PATH }],
  ["ids with blanks between", { SPIKA_BOT_USER_IDS: "7, 8" }],
])("takes %s", (_what, env) => {
  expect(faultsOf(env)).toEqual([]);
});

it.each<[string, Environment, string]>([
  [
    "a path that is too short",
    { SPIKA_GLOBAL_BOT_PATH: PATH.slice(1) },
    "SPIKA_GLOBAL_BOT_PATH is malformed",
  ],
  ["a path of two parts", { SPIKA_GLOBAL_BOT_PATH: `${PATH}/x` }, "SPIKA_GLOBAL_BOT_PATH is malformed"],
  ["names for ids", { SPIKA_BOT_USER_IDS: "Kitchen Bot" }, "SPIKA_BOT_USER_IDS is malformed"],
])("refuses %s, and does not show it", (_what, env, fault) => {
  expect(faultsOf(env)).toEqual([expect.stringContaining(fault)]);
  for (const value of Object.values(env)) expect(faultsOf(env).join()).not.toContain(value);
});
