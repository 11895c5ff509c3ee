-- Loads what the shards of `bieu validate` wrote into DuckDB, from the folder that holds
-- bang-*.csv (--table) and phat-hien-*.csv (--report). See docs/scale.md.
--     duckdb toan-quoc.duckdb < load.sql
create or replace table reading as
select * from read_csv('bang-*.csv', header = true, all_varchar = true)
-- A row that repeats would count a figure twice.
qualify row_number() over (partition by submission, file, sheet, cell, indicator, measure, member order by line) = 1;
alter table reading alter value type decimal(38, 10) using nullif(value, '')::decimal(38, 10);

create or replace table finding as
select * from read_csv('phat-hien-*.csv', header = true, all_varchar = true);

-- A shard that was stopped says so in its last row; nothing below is complete then.
select message as partial from finding where code = 'partial-report';

-- Submissions and errors by the first folder.
select split_part(f.submission, '/', 2) as folder, count(distinct f.submission) as submissions,
       count(*) filter (severity = 'error') as errors
from finding f where code <> 'partial-report' group by all order by errors desc, folder limit 20;

-- Totals over all submissions; yields and ratios are not to be added up.
select indicator, sum(value) as actual, count(distinct submission) as submissions
from reading where measure = 'actual' and coalesce(member, '') = '' and unit not like '%/%' group by all order by indicator limit 20;
