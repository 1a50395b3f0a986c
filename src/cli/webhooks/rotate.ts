import { randomBytes } from "node:crypto";
import { ConfigError, readWebexAccess } from "../../config";
import { variableName } from "../../config/accounts";
import { webexModule } from "../../platforms/webex/module";
import { type RotationStep, rotateSecret } from "../../platforms/webex/webhooks/rotate";
import type { Terminal } from "../terminal";
import { withClient } from "./open-webex";
import { targetUrlOf } from "./wanted";

export interface RotateFlags {
  readonly account?: string;
  readonly make?: boolean;
  readonly json?: boolean;
}

/** Replaces the secret that deliveries are signed with, while they come; or makes one up and says how to begin. */
export async function rotate(
  terminal: Terminal,
  { account: wanted, make = false, json = false }: RotateFlags,
): Promise<void> {
  const needs = make ? [] : (["secret", "publicUrl"] as const);
  const { account, previousSecret } = readWebexAccess(terminal.env, needs, {}, wanted);
  const name = variableName(webexModule, account, "WEBHOOK_SECRET");
  if (make) {
    const secret = randomBytes(32).toString("hex");
    return terminal.print({ secret }, beginning(name, secret), json);
  }
  if (previousSecret === undefined)
    throw new ConfigError([
      `${name}_PREVIOUS is missing (the secret that is to be replaced, beside the new one in ${name}: bellhop webhooks rotate-secret --make says how to begin)`,
    ]);

  await withClient(terminal, { account, json, needs: ["secret", "publicUrl"] }, async (client, access) => {
    const { secret, publicUrl } = access;
    const targetUrl = targetUrlOf(publicUrl, account);
    const onStep = (step: RotationStep): void => terminal.print(step, toWords(step), json);
    const parts = { client, account, secret, previousSecret, targetUrl, onStep };
    await rotateSecret(parts, new AbortController().signal);
    const next = `remove ${name}_PREVIOUS and start every process anew, in a minute: what is under way may still be signed with it`;
    terminal.print({ step: "next", next }, `next: ${next}`, json);
  });
}

function beginning(name: string, secret: string): string {
  return `${secret}

1. give ${name}_PREVIOUS the value that ${name} has now, and ${name} the one above
2. start every process anew, one after the other
3. bellhop webhooks rotate-secret`;
}

function toWords(step: RotationStep): string {
  switch (step.step) {
    case "receiver-takes":
      return `the receiver takes what is signed with the ${step.secret} secret`;
    case "changed":
      return `changed ${step.name} ${step.id}`;
    case "verified":
      return `all webhooks that lead here sign with the current secret: ${step.webhooks}, ${step.already} of them did already`;
    default:
      return step satisfies never;
  }
}
