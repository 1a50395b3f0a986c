/** What was typed and not sent, by person and conversation; a reload keeps it, closing the tab does not. */
export const drafts = {
  get(key: string): string {
    return sessionStorage.getItem(`draft ${key}`) ?? "";
  },
  set(key: string, text: string): void {
    if (text === "") sessionStorage.removeItem(`draft ${key}`);
    else sessionStorage.setItem(`draft ${key}`, text);
  },
};
