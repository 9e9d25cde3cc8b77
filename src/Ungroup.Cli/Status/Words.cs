using System.Globalization;
using System.Text;
using Ungroup.Cli.Worker;
using Ungroup.Ledger;

namespace Ungroup.Cli.Status;

/// <summary>A record, told to a person.</summary>
internal static class Words
{
    public static string Of(StoredRecord stored)
    {
        var record = stored.Record;
        var words = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{record.Key.RequestId} of account {record.Key.Account}: ");
        if (record.Outcome is { } outcome)
        {
            var told = ToldOutcome.Of(outcome);
            words.AppendLine(CultureInfo.InvariantCulture, $"{told.Status}{(told.Code is null ? "" : $" ({told.Code})")}, decided {At(record.DecidedAt!.Value)}.")
                .AppendLine(told.Sentence)
                .AppendLine(record.State == LedgerState.Published ? "Its event was published." : "Its event is not known to be published; the sweep sends it.")
                .Append(Encoding.UTF8.GetString(outcome.Json.Span));
        }
        else
        {
            words.AppendLine(CultureInfo.InvariantCulture, $"{Doing(stored)}.")
                .AppendLine(CultureInfo.InvariantCulture, $"{record.Request!.Resource} is to leave {record.Request.SecurityGroup} in {record.Request.RegionId}.")
                .Append(CultureInfo.InvariantCulture, $"First seen {At(record.FirstSeenAt)} as message {record.MessageId}, {record.Attempts} calls so far")
                .Append(record.MayHaveLeft ? ", the last of which may have worked" : "")
                .Append(record.LastCode is null ? "" : $"; ECS last said {record.LastCode}")
                .Append(CultureInfo.InvariantCulture, $". It ends by {At(record.Deadline)}.");
        }

        return words.ToString();
    }

    private static string Doing(StoredRecord stored) => (stored.Record.Owner, stored.LeaseLeft > TimeSpan.Zero) switch
    {
        ({ } owner, true) => $"{owner} works on it, for {stored.LeaseLeft.TotalSeconds:0} s at most",
        ({ } owner, false) => $"{owner} has gone silent, whoever gets its message next takes it over",
        (null, true) => $"it waits for {stored.LeaseLeft.TotalSeconds:0} s",
        (null, false) => "it waits for its message to come back",
    };

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
