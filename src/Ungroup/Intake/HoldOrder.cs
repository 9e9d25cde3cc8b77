using System.Text.Json;
using Ungroup.Display;
using Ungroup.Holds;
using Ungroup.Json;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Settings.Reading;

namespace Ungroup.Intake;

/// <summary>A hold as somebody asks for it, read as strictly as a request: a slip in its group would hold nothing.</summary>
internal sealed record HoldOrder(HoldScope Scope, string By, string Reason, TimeSpan? Lasts)
{
    private const int LongestReason = 1024;
    private const int LongestName = 256;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private static readonly string[] Names = ["account", "group", "origin", "reason", "by", "for", "until"];

    private static readonly (string Name, Origin? Value)[] Origins =
        [("upstream", Origin.Upstream), ("incident", Origin.Incident), ("cleanup", Origin.Cleanup)];

    /// <returns>The order; null where <paramref name="problems"/> says why there is none.</returns>
    public static HoldOrder? Read(ReadOnlyMemory<byte> body, KnownAccounts accounts, string nobody, DateTimeOffset now, List<RequestProblem> problems)
    {
        using var document = JsonMembers.Parse(body, problems);
        if (document is null)
        {
            return null;
        }

        var members = JsonMembers.Of(document.RootElement, "body", problems);
        var values = new MemberValues(members, problems);
        RefuseUnknown(members, problems);
        var scope = new HoldScope(Account(values, accounts, problems), Group(members, problems), members.ContainsKey("origin") ? values.Named("origin", Origins) : null);
        var reason = values.Free("reason", LongestReason);
        if (string.IsNullOrWhiteSpace(reason) && !problems.Exists(problem => problem.Member == "reason"))
        {
            problems.Add(new("reason", $"`reason` was {(members.ContainsKey("reason") ? "empty" : "missing")}; expected why: whoever finds their request waiting reads it."));
        }

        var by = values.Free("by", LongestName);
        var lasts = LastsOf(members, values, now, problems);
        return problems.Count > 0 ? null
            : new(scope, string.IsNullOrWhiteSpace(by) ? nobody : Shown.OneLine(by, LongestName), Shown.OneLine(reason!, LongestReason), lasts);
    }

    private static void RefuseUnknown(Dictionary<string, JsonElement> members, List<RequestProblem> problems)
    {
        problems.AddRange(members.Keys.Where(name => !Names.Contains(name))
            .Select(name => JsonMembers.Unknown(name, "a hold", name == "securityGroupId" ? "group" : Nearest.To(name, Names), Names)));
    }

    private static string? Account(MemberValues values, KnownAccounts accounts, List<RequestProblem> problems)
    {
        var account = values.Matching("account", 64, Characters.OfAccountNames, "the name of a configured account");
        if (account is not null && !accounts.Contains(account))
        {
            problems.Add(accounts.NotConfigured(account));
        }

        return account;
    }

    private static string? Group(Dictionary<string, JsonElement> members, List<RequestProblem> problems)
    {
        if (!members.TryGetValue("group", out var value))
        {
            return null;
        }

        if (!SecurityGroupId.TryParse(JsonText.Of(value)?.ToLowerInvariant(), out var group))
        {
            problems.Add(new("group", $"`group` was {Shown.Value(value)}; expected {Shown.Optional(value, "the id of a security group, such as sg-bp1…")}."));
        }

        return group?.Value;
    }

    private static TimeSpan? LastsOf(Dictionary<string, JsonElement> members, MemberValues values, DateTimeOffset now, List<RequestProblem> problems)
    {
        var hasFor = members.TryGetValue("for", out var value);
        if (hasFor && members.ContainsKey("until"))
        {
            problems.Add(new("until", "`for` and `until` were both there; expected one of them, or neither for a hold that lasts until it is lifted."));
            return null;
        }

        if (!hasFor)
        {
            var until = values.Instant("until", now + Longest);
            if (until <= now)
            {
                problems.Add(new("until", $"`until` was {Shown.Value(members["until"])}, which has passed; expected an instant that is still to come."));
            }

            return until - now;
        }

        if (Duration.TryParse(JsonText.Of(value), out var lasts) && lasts > TimeSpan.Zero && lasts <= Longest)
        {
            return lasts;
        }

        problems.Add(new("for", $"`for` was {Shown.Value(value)}; expected {Shown.Optional(value, $"{Duration.Expected}, {Longest.TotalDays:0}d at most")}."));
        return null;
    }
}
