using System.Buffers;
using System.Text;
using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;

namespace Ungroup.Intake;

/// <summary>The result of each resource of a job, in the order of its plan. Read page by page as it is written out, so that a long job needs no more memory than a short one.</summary>
public sealed class JobResults
{
    private const int LinesAtOnce = 100;

    // Characters that a spreadsheet takes for the beginning of a formula; the last four are the same in full width.
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
        var page = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(page);
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
                await FlushAsync(json, page, output, cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync(json, page, output, cancellationToken);
    }

    /// <summary>Writes a line for each resource behind one with the names of the columns: RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula has <c>'</c> before it.</summary>
    /// <exception cref="Ledger.LedgerUnavailableException">The ledger does not answer; what is written is cut off.</exception>
    public async Task WriteCsvAsync(Stream output, CancellationToken cancellationToken)
    {
        var page = new StringBuilder("resource,requestId,status,code,sentence,groups\r\n");
        var lines = 0;
        await foreach (var result in ReadAsync(cancellationToken))
        {
            page.AppendJoin(
                ',', ((string?[])[result.Resource, result.RequestId, result.Status, result.Code, result.Sentence, string.Join(' ', result.Groups ?? [])]).Select(Cell)).Append("\r\n");
            if (++lines % LinesAtOnce == 0)
            {
                await FlushAsync(page, output, cancellationToken);
            }
        }

        await FlushAsync(page, output, cancellationToken);
    }

    // Whole pages alone reach the stream: what fails on the first leaves it untouched.
    private static async Task FlushAsync(Utf8JsonWriter json, ArrayBufferWriter<byte> page, Stream output, CancellationToken cancellationToken)
    {
        json.Flush();
        await output.WriteAsync(page.WrittenMemory, cancellationToken);
        page.ResetWrittenCount();
    }

    private static async Task FlushAsync(StringBuilder page, Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()), cancellationToken);
        page.Clear();
    }

    internal static string Cell(string? value)
    {
        var cell = value ?? "";
        cell = cell.Length > 0 && Formulas.Contains(cell[0], StringComparison.Ordinal) ? "'" + cell : cell;
        return cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
