using System.Buffers;
using System.Text.Json;
using Ungroup.Display;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>An order about a job that is there, read as strictly as a request.</summary>
internal sealed class JobOrder
{
    private const int LongestReason = 1024;
    private const int LongestName = 256;
    private const string Expected = "the whole hash of the plan, sha256: and 64 hexadecimal digits";

    private static readonly string[] OfOrders = ["by", "reason"];
    private static readonly string[] OfVerdicts = ["plan", "by", "decision", "reason"];
    private static readonly SearchValues<char> OfHashes = SearchValues.Create("0123456789abcdef");

    private readonly List<RequestProblem> _problems = [];
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly MemberValues _values;
    private readonly JobCaller _caller;

    private JobOrder(JsonDocument? document, string what, string[] names, JobCaller caller)
    {
        if (document is not null)
        {
            _members = JsonMembers.Of(document.RootElement, "body", _problems);
        }

        (_values, _caller) = (new(_members, _problems), caller);
        _problems.AddRange(_members.Keys.Where(name => !names.Contains(name)).Select(name => JsonMembers.Unknown(name, what, Nearest.To(name, names), names)));
    }

    /// <summary>Who decides, and why: <c>{"by":"…","reason":"…"}</c>, both of which may be left out, and so may all of it.</summary>
    public static (string By, bool IsNamed, string? Reason)? Read(ReadOnlyMemory<byte> body, JobCaller caller, List<RequestProblem> problems)
    {
        using var document = body.IsEmpty ? null : JsonMembers.Parse(body, problems);
        var order = new JobOrder(document, "such an order", OfOrders, caller);
        var (by, reason) = (order.By(), order.Reason());
        problems.AddRange(order._problems);
        return problems.Count > 0 ? null : (by ?? caller.Nobody, by is not null, reason);
    }

    /// <summary>A decision about a plan: <c>{"plan":"sha256:…","by":"…","decision":"approve","reason":"…"}</c>.</summary>
    public static JobVerdict? ReadVerdict(ReadOnlyMemory<byte> body, JobCaller caller, List<RequestProblem> problems)
    {
        if (body.IsEmpty)
        {
            problems.Add(new("body", "The body was empty; expected a JSON object with `plan`, `by` and `decision`."));
            return null;
        }

        using var document = JsonMembers.Parse(body, problems);
        if (document is null)
        {
            return null;
        }

        var order = new JobOrder(document, "a decision about a plan", OfVerdicts, caller);
        var verdict = order.Verdict();
        problems.AddRange(order._problems);
        return problems.Count > 0 ? null : verdict;
    }

    private JobVerdict Verdict()
    {
        var (plan, by) = (Plan(), By());
        if (by is null && !Has("by"))
        {
            _problems.Add(new("by", $"`by` was {(_members.ContainsKey("by") ? "empty" : "missing")}; expected who decides."));
        }

        return new(plan, IsApproved(), by ?? "", Reason());
    }

    private string Plan()
    {
        if (!_members.TryGetValue("plan", out var value))
        {
            _problems.Add(new("plan", $"`plan` was missing; expected {Expected}."));
            return "";
        }

        if (Json.JsonText.Of(value) is { Length: 71 } hash && hash.StartsWith("sha256:", StringComparison.Ordinal) && !hash.AsSpan(7).ContainsAnyExcept(OfHashes))
        {
            return hash;
        }

        _problems.Add(new("plan", $"`plan` was {Shown.Value(value)}; expected {Shown.Optional(value, Expected)}."));
        return "";
    }

    private bool IsApproved()
    {
        if (_members.TryGetValue("decision", out var value))
        {
            return _values.Named("decision", [("approve", true), ("reject", false)]);
        }

        _problems.Add(new("decision", "`decision` was missing; expected \"approve\" or \"reject\"."));
        return false;
    }

    private string? By()
    {
        var said = _values.Free("by", LongestName);
        return _caller.Name ?? (string.IsNullOrWhiteSpace(said) ? null : Shown.OneLine(said, LongestName));
    }

    private string? Reason() => _values.Free("reason", LongestReason) is { } reason && !string.IsNullOrWhiteSpace(reason) ? Shown.OneLine(reason, LongestReason) : null;

    private bool Has(string problem) => _problems.Exists(one => one.Member == problem);
}

/// <summary>A decision about a plan, as somebody said it.</summary>
internal sealed record JobVerdict(string Plan, bool IsApproved, string By, string? Reason);
