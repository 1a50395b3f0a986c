import { postJson } from "../http";
import type { Delivery } from "./entries";

/** Has the same bytes delivered once more. @throws ApiError when the delivery, or its webhook, is gone */
export async function sendAgain({ id }: Delivery, isForged: boolean): Promise<void> {
  const query = isForged ? "?signature=wrong" : "";
  await postJson(`api/deliveries/${encodeURIComponent(id)}/again${query}`, {});
}
