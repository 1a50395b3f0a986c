/** The data of the card's button with this title, wherever it stands; `undefined` when there is no such button. */
export function submitDataOf(card: unknown, title: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof card !== "object" || card === null) return undefined;
  if ("type" in card && card.type === "Action.Submit" && "title" in card && card.title === title)
    return "data" in card && typeof card.data === "object" ? { ...card.data } : {};
  for (const part of Object.values(card)) {
    const found = submitDataOf(part, title);
    if (found !== undefined) return found;
  }
  return undefined;
}
