import { ApiError } from "./errors";

/**
 * Waits for a call that only helps: its refusal must not fail the event.
 * @returns `undefined` if the platform refuses the call, and would refuse it again
 * @throws whatever may pass: no answer, a busy platform, a token that is not valid now
 */
export async function answerOrNothing<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusedForGood(error)) return undefined;
    throw error;
  }
}

function isRefusedForGood(error: unknown): error is ApiError {
  // The platform does not have the call (501): that does not pass either.
  return error instanceof ApiError && (error.retry === "never" || error.status === 501);
}
