-- The words of the code. The path of an attempt is JSON that names its fields.
ALTER TABLE bellhop.sent RENAME COLUMN print TO fingerprint;
UPDATE bellhop.traces SET steps = replace(steps, '"interruptions":', '"crashCount":');
