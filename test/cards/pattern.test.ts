import { isExponential, patternFault } from "../../src/cards/pattern";

describe("a pattern of a card", () => {
  it.each([
    ["([a-z", "Unterminated character class"],
    ["(a", "Unterminated group"],
    ["*a", "Nothing to repeat"],
    ["[z-a:]", "Range out of order in character class"],
    ["^[a-z]+$", undefined],
    ["", undefined],
  ])("%s that JavaScript reads or does not: %s", (source, fault) => {
    expect(patternFault(source)).toBe(fault);
  });

  it.each([
    "^(a+)+$",
    "^(a|a)*$",
    "^([a-z]+)*$",
    "^(\\w+\\s?)*$",
    "^(\\d+)*$",
    "^(\\.+)+$",
    "^(ab|ab)*$",
    "^([a-zA-Z0-9._-]+)*@",
    "(x+x+)+y",
  ])("%s is found to be exponential", (source) => {
    expect(isExponential(source)).toBe(true);
  });

  it.each([
    "^[a-z]+$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^(?:\\+\\d{1,3})?[ \\d/-]{5,20}$",
    "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
    "^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$",
    "^[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}$",
    "^(?:[a-z]+ )*[a-z]+$",
    "^https?://[\\w.-]+(?:/[\\w./-]*)?$",
    "^\\S(?:.*\\S)?$",
    "^(yes|no|maybe)$",
  ])("%s is ordinary", (source) => {
    expect(isExponential(source)).toBe(false);
  });
});
