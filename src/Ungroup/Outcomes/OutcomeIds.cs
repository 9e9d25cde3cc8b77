using System.Security.Cryptography;
using System.Text;
using Ungroup.Messages;

namespace Ungroup.Outcomes;

/// <summary>Ids of events: 32 hexadecimal digits, the same however often an event is sent, another for every other event.</summary>
internal static class OutcomeIds
{
    /// <summary>A request in the ledger has one outcome, so its key and the status are enough.</summary>
    public static string Of(string account, string requestId, OutcomeStatus status) => Hash($"{account}\nrequest\n{requestId}\n{status}");

    /// <summary>A rejection has no record, and its key may be anybody's: the message, its body and the sentence make the id.</summary>
    public static string Of(string account, Delivery delivery, Outcome rejected) => Hash(
        $"{account}\nmessage\n{delivery.MessageId.Length}:{delivery.MessageId}\n{Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span))}\n"
        + $"{rejected.Status}\n{rejected.Code}\n{rejected.Sentence}");

    /// <summary>The id of what a text tells from everything else.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
