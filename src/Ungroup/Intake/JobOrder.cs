using System.Buffers;
using System.Text.Json;
using Ungroup.Display;
using Ungroup.Json;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>An order about a job that is there, read as strictly as a request.</summary>
/// <param name="By">Who; null where neither the order nor the door says.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
internal sealed record JobOrder(string? By, string? Reason)
{
    private const int LongestReason = 1024;
    private const int LongestName = 256;

    private const string ForceName = "force";

    /// <summary>The members of most orders.</summary>
    public static readonly string[] Names = ["by", "reason"];

    /// <summary>Those of an order to restore.</summary>
    public static readonly string[] OfRestore = [.. Names, ForceName];

    /// <summary>A restore goes on although others have changed the membership since.</summary>
    public bool Force { get; private init; }

    /// <summary><c>{"by":"…","reason":"…"}</c>, all of which may be left out.</summary>
    public static JobOrder? Read(ReadOnlyMemory<byte> body, string[] names, JobCaller caller, List<RequestProblem> problems)
    {
        using var document = body.IsEmpty ? null : JsonMembers.Parse(body, problems);
        var order = Read(document is null ? [] : JsonMembers.Of(document.RootElement, "body", problems), "such an order", names, caller, problems);
        return problems.Count > 0 ? null : order;
    }

    /// <param name="members">Of the body.</param>
    /// <param name="what">Whose members they would be, with its article.</param>
    /// <param name="names">All there are.</param>
    /// <param name="caller">Stands at the door: a name that he has proven counts more than one that the body says.</param>
    /// <param name="problems">Says what is wrong.</param>
    public static JobOrder Read(Dictionary<string, JsonElement> members, string what, string[] names, JobCaller caller, List<RequestProblem> problems)
    {
        problems.AddRange(members.Keys.Where(name => !names.Contains(name)).Select(name => JsonMembers.Unknown(name, what, Nearest.To(name, names), names)));
        var values = new MemberValues(members, problems);
        var by = OneLine(values.Free("by", LongestName), LongestName);
        return new(caller.Name ?? by, OneLine(values.Free("reason", LongestReason), LongestReason)) { Force = names.Contains(ForceName) && values.Flag(ForceName) };
    }

    private static string? OneLine(string? text, int longest) => string.IsNullOrWhiteSpace(text) ? null : Shown.OneLine(text, longest);
}

/// <summary>A decision about a plan, as somebody said it.</summary>
internal sealed record JobVerdict(string Plan, bool IsApproved, string By, string? Reason)
{
    private const string Expected = "the whole hash of the plan, sha256: and 64 hexadecimal digits";
    private const string Prefix = "sha256:";

    private static readonly string[] Names = ["plan", "by", "decision", "reason"];
    private static readonly (string Name, bool Value)[] Decisions = [("approve", true), ("reject", false)];
    private static readonly SearchValues<char> OfHashes = SearchValues.Create("0123456789abcdef");

    /// <summary><c>{"plan":"sha256:…","by":"…","decision":"approve","reason":"…"}</c>; null where <paramref name="problems"/> says why there is none.</summary>
    public static JobVerdict? Read(ReadOnlyMemory<byte> body, JobCaller caller, List<RequestProblem> problems)
    {
        if (body.IsEmpty)
        {
            problems.Add(new("body", "The body was empty; expected a JSON object with `plan`, `by` and `decision`."));
        }

        using var document = body.IsEmpty ? null : JsonMembers.Parse(body, problems);
        if (document is null)
        {
            return null;
        }

        var members = JsonMembers.Of(document.RootElement, "body", problems);
        if (problems.Count > 0 && members.Count == 0)
        {
            return null;
        }

        var order = JobOrder.Read(members, "a decision about a plan", Names, caller, problems);
        if (order.By is null && !problems.Exists(problem => problem.Member == "by"))
        {
            problems.Add(new("by", $"`by` was {(members.ContainsKey("by") ? "empty" : "missing")}; expected who decides."));
        }

        var (plan, isApproved) = (PlanIn(members, problems), new MemberValues(members, problems).Named("decision", Decisions));
        if (!members.ContainsKey("decision"))
        {
            problems.Add(new("decision", "`decision` was missing; expected \"approve\" or \"reject\"."));
        }

        return problems.Count > 0 ? null : new(plan!, isApproved, order.By!, order.Reason);
    }

    // A part of it is no hash: it could be that of another plan.
    private static string? PlanIn(Dictionary<string, JsonElement> members, List<RequestProblem> problems)
    {
        if (members.TryGetValue("plan", out var value) && JsonText.Of(value) is { Length: 71 } hash
            && hash.StartsWith(Prefix, StringComparison.Ordinal) && !hash.AsSpan(Prefix.Length).ContainsAnyExcept(OfHashes))
        {
            return hash;
        }

        problems.Add(new("plan", $"`plan` was {(value.ValueKind == JsonValueKind.Undefined ? "missing" : Shown.Value(value))}; expected {Shown.Optional(value, Expected)}."));
        return null;
    }
}
