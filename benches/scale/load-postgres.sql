-- Loads what the shards of `bieu validate` wrote into PostgreSQL, from the folder that holds
-- bang-*.csv (--table) and phat-hien-*.csv (--report). See docs/scale.md.
--     psql -v ON_ERROR_STOP=1 -f load-postgres.sql toan-quoc
-- Columns are those of the header line, so that a later release may add some; the byte order mark
-- stands in that line, which \copy passes over. Empty fields are null.
\set types 's/,/ text, /g; s/$/ text/; s/, value text,/, value numeric,/; s/, line text/, line integer/'
\setenv BIEU_TYPES :types
\set reading `cat bang-*.csv | head -n 1 | tr -d '\357\273\277\r' | sed "$BIEU_TYPES"`
\set finding `cat phat-hien-*.csv | head -n 1 | tr -d '\357\273\277\r' | sed "$BIEU_TYPES"`
begin;
drop table if exists reading, finding cascade;
create table reading (:reading);
create table finding (:finding);
\copy reading from program 'for part in bang-*.csv; do tail -n +2 "$part"; done' with (format csv, encoding 'UTF8')
\copy finding from program 'for part in phat-hien-*.csv; do tail -n +2 "$part"; done' with (format csv, encoding 'UTF8')

-- A row that repeats would count a figure twice.
delete from reading where ctid in (
    select ctid from (
        select ctid, row_number() over (partition by submission, file, sheet, cell, indicator, measure, member order by line) as nth
        from reading
    ) as numbered where nth > 1
);

-- Totals by the first folder, such as a province; yields and ratios are not to be added up. A figure
-- that a submission tells in two sheets counts once; where the two differ, the smaller counts, and
-- `disputed` says in how many submissions.
create view province_total as
select split_part(submission, '/', 2) as province, indicator, unit, sum(least) as actual, count(*) as submissions,
       count(*) filter (where least <> most) as disputed
from (
    select submission, indicator, unit, min(value) as least, max(value) as most
    from reading where measure = 'actual' and member is null and unit not like '%/%' and value is not null
    group by submission, indicator, unit
) as figure group by 1, indicator, unit;
commit;

-- A shard that was stopped says so in its last row; nothing below is complete then.
select message as partial from finding where code = 'partial-report';

-- Submissions and errors by the first folder.
select split_part(submission, '/', 2) as folder, count(distinct submission) as submissions,
       count(*) filter (where severity = 'error') as errors
from finding where code <> 'partial-report' group by 1 order by errors desc, folder limit 20;

-- Totals over all submissions.
select indicator, unit, sum(actual) as actual, sum(submissions) as submissions, sum(disputed) as disputed
from province_total group by indicator, unit order by indicator limit 20;
