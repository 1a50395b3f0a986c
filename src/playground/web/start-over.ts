import { call } from "./http";

/** Makes everything what it was at the start. Every open page hears of it by its stream, and loads anew. */
export async function startOver(): Promise<void> {
  await call("api/state", { method: "DELETE" });
}
