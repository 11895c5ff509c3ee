-- Loads what the shards of `bieu validate` wrote into PostgreSQL, from the folder that holds
-- bang-*.csv (--table) and phat-hien-*.csv (--report). See docs/scale.md.
--     psql -v ON_ERROR_STOP=1 -f load-postgres.sql toan-quoc
-- The byte order mark stands in the header line, which \copy passes over. Empty fields are null.
begin;
drop table if exists reading, finding;
create table reading (
    submission text, catalogue text, period text, indicator text, label text, measure text, member text,
    value numeric, value_text text, unit text, file text, sheet text, cell text, raw text, note text,
    mapping text, line integer
);
create table finding (
    submission text, status text, severity text, code text, file text, sheet text, cell text, raw text,
    indicator text, message text, action text, found text, expected text, diagnosis text, rule text,
    mapping text, fingerprint text, suppressed text
);
\copy reading from program 'for part in bang-*.csv; do tail -n +2 "$part"; done' with (format csv, encoding 'UTF8')
\copy finding from program 'for part in phat-hien-*.csv; do tail -n +2 "$part"; done' with (format csv, encoding 'UTF8')

-- A row that repeats would count a figure twice.
delete from reading one using reading other
where one.ctid > other.ctid
  and (one.submission, one.file, one.sheet, one.cell, one.indicator, one.measure)
      = (other.submission, other.file, other.sheet, other.cell, other.indicator, other.measure)
  and one.member is not distinct from other.member;
commit;

-- A shard that was stopped says so in its last row; nothing below is complete then.
select message as partial from finding where code = 'partial-report';

-- Submissions and errors by the first folder.
select split_part(submission, '/', 2) as folder, count(distinct submission) as submissions,
       count(*) filter (where severity = 'error') as errors
from finding where code <> 'partial-report' group by 1 order by errors desc, folder limit 20;

-- Totals over all submissions; yields and ratios are not to be added up.
select indicator, sum(value) as actual, count(distinct submission) as submissions
from reading where measure = 'actual' and member is null and unit not like '%/%'
group by indicator order by indicator limit 20;
