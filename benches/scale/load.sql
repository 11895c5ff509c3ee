-- Loads what the shards of `bieu validate` wrote into DuckDB, from the folder that holds
-- bang-*.csv (--table) and phat-hien-*.csv (--report). See docs/scale.md.
--     duckdb toan-quoc.duckdb < load.sql
create or replace table reading as
select * replace (nullif(value, '')::decimal(38, 10) as value) from read_csv('bang-*.csv', header = true, all_varchar = true);
-- A row that repeats would count a figure twice.
delete from reading where rowid in (
    select rowid from (
        select rowid, row_number() over (partition by submission, file, sheet, cell, indicator, measure, member order by line) as nth
        from reading
    ) where nth > 1
);

create or replace table finding as
select * from read_csv('phat-hien-*.csv', header = true, all_varchar = true);

-- Totals by the first folder, such as a province; yields and ratios are not to be added up. A figure
-- that a submission tells in two sheets counts once; where the two differ, the smaller counts, and
-- `disputed` says in how many submissions.
create or replace view province_total as
select split_part(submission, '/', 2) as province, indicator, unit, sum(least) as actual, count(*) as submissions,
       count(*) filter (where least <> most) as disputed
from (
    select submission, indicator, unit, min(value) as least, max(value) as most
    from reading where measure = 'actual' and coalesce(member, '') = '' and unit not like '%/%' and value is not null
    group by submission, indicator, unit
) as figure group by 1, indicator, unit;

-- A shard that was stopped says so in its last row; nothing below is complete then.
select message as partial from finding where code = 'partial-report';

-- Submissions and errors by the first folder.
select split_part(f.submission, '/', 2) as folder, count(distinct f.submission) as submissions,
       count(*) filter (severity = 'error') as errors
from finding f where code <> 'partial-report' group by all order by errors desc, folder limit 20;

-- Totals over all submissions.
select indicator, unit, sum(actual) as actual, sum(submissions) as submissions, sum(disputed) as disputed
from province_total group by indicator, unit order by indicator limit 20;
