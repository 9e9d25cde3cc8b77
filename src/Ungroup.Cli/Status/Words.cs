using System.Globalization;
using System.Text;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Cli.Status;

/// <summary>A ledger record in words.</summary>
internal static class Words
{
    public static IEnumerable<string> Of(StoredRecord stored) => stored.Record.Outcome is { } outcome ? Ended(stored.Record, outcome) : Open(stored);

    private static IEnumerable<string> Ended(LedgerRecord record, OutcomeEvent outcome)
    {
        var told = outcome.ReadFacts();
        yield return DisplayText.Line($"{Named(record)}: {told.Status}{(told.Code is null ? "" : $" ({told.Code})")}, decided {At(record.DecidedAt!.Value)}.");
        yield return told.Sentence;
        yield return record.State == LedgerState.Published ? "Its event was published." : "Its event is not known to be published; the sweep sends it.";
        yield return DisplayJson.Escape(Encoding.UTF8.GetString(outcome.Json.Span));
    }

    private static IEnumerable<string> Open(StoredRecord stored)
    {
        var (record, request) = (stored.Record, stored.Record.Request!);
        yield return DisplayText.Line($"{Named(record)}: {Doing(stored)}.");
        if (record is { Owner: null, IsQueued: false, Waiting: { } waiting })
        {
            yield return DisplayText.Of($"Why: {waiting.Sentence}", DisplayText.LongestSentence);
        }

        yield return DisplayText.Line(request.Action switch
        {
            RequestAction.Contain => $"{request.Resource} is to be contained in {request.IsolationGroup?.Value ?? "the account's isolation group"} in {request.RegionId}.",
            RequestAction.Restore => $"{request.Of} is to be undone.",
            _ => $"{request.Resource} is to leave {request.SecurityGroup} in {request.RegionId}.",
        });
        yield return DisplayText.Line(
            $"First seen {At(record.FirstSeenAt)} as message {DisplayText.Of(record.MessageId)}, {record.Attempts} calls so far{Uncertain(record)}. It ends by {At(record.Deadline)}.");
    }

    private static string Named(LedgerRecord record) => $"{record.Key.RequestId} of account {record.Key.Account}";

    private static string Uncertain(LedgerRecord record) =>
        (record.MayHaveLeft ? ", the last of which may have worked" : "") + (record.LastCode is null ? "" : $"; ECS last said {record.LastCode}");

    private static string Doing(StoredRecord stored) => (stored.Record.Owner, stored.LeaseLeft > TimeSpan.Zero) switch
    {
        _ when stored.Record.IsQueued => "the queue has it, and nobody has taken it up yet",
        ({ } owner, true) => $"{owner} works on it, for {stored.LeaseLeft.TotalSeconds:0} s at most",
        ({ } owner, false) => $"{owner} has gone silent, whoever gets its message next takes it over",
        (null, true) => $"it waits for {stored.LeaseLeft.TotalSeconds:0} s",
        (null, false) => "it waits for its message to come back",
    };

    public static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
