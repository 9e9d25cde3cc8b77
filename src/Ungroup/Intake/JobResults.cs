using System.Text;
using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;

namespace Ungroup.Intake;

/// <summary>What became of each resource of a job, in the order of its plan. Read page by page as it is written out, so that a long job needs no more memory than a short one.</summary>
public sealed class JobResults
{
    private const int LinesAtOnce = 100;

    // What a spreadsheet takes for the beginning of a formula; the last four are the same in full width.
    private const string Formulas = "=+-@\t\r\n＝＋－＠";

    private readonly JobHead _job;
    private readonly JobStatusReader _jobs;

    internal JobResults(JobHead job, JobStatusReader jobs) => (_job, _jobs) = (job, jobs);

    /// <summary>The name of the job.</summary>
    public string JobId => _job.Request.JobId;

    internal JobHead Job => _job;

    internal IAsyncEnumerable<ResourceResult> ReadAsync(CancellationToken cancellationToken) => _jobs.ReadResultsAsync(_job, cancellationToken);

    /// <summary>Writes one object, whose <c>results</c> has an object for each resource.</summary>
    /// <exception cref="Ledger.LedgerUnavailableException">The ledger does not answer; what is written is cut off, and no JSON.</exception>
    public async Task WriteJsonAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("jobId", JobId);
        json.WriteString("account", _job.Request.Account);
        json.WriteString("state", _job.State.ToString());
        json.WriteStartArray("results");
        var lines = 0;
        await foreach (var result in ReadAsync(cancellationToken))
        {
            JsonSerializer.Serialize(json, result, IntakeJson.Default.ResourceResult);
            if (++lines % LinesAtOnce == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    /// <summary>Writes a line for each resource behind one with the names of the columns: RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula has <c>'</c> before it.</summary>
    /// <exception cref="Ledger.LedgerUnavailableException">The ledger does not answer; what is written is cut off.</exception>
    public async Task WriteCsvAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        var page = new StringBuilder("resource,requestId,status,code,sentence,groups\r\n");
        var lines = 0;
        await foreach (var result in ReadAsync(cancellationToken))
        {
            page.AppendJoin(
                ',', ((string?[])[result.Resource, result.RequestId, result.Status, result.Code, result.Sentence, string.Join(' ', result.Groups ?? [])]).Select(Cell)).Append("\r\n");
            if (++lines % LinesAtOnce == 0)
            {
                await text.WriteAsync(page, cancellationToken);
                page.Clear();
            }
        }

        await text.WriteAsync(page, cancellationToken);
        await text.FlushAsync(cancellationToken);
    }

    internal static string Cell(string? value)
    {
        var cell = value ?? "";
        cell = cell.Length > 0 && Formulas.Contains(cell[0], StringComparison.Ordinal) ? "'" + cell : cell;
        return cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
