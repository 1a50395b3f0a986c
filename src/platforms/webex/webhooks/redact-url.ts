/** An address as it may be shown to anybody: without a password, and without the values of its query, which may be keys. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === "" && url.password === "" && url.search === "") return address;
  const query = [...url.searchParams.keys()].map((key) => `${encodeURIComponent(key)}=…`).join("&");
  const credentials = url.username === "" && url.password === "" ? "" : "…@";
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${query === "" ? "" : `?${query}`}`;
}
