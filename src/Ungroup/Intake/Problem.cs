using System.Text.Json;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>An answer of RFC 9457, with the members to change and the result of each request.</summary>
/// <param name="Status">The status code it goes with.</param>
/// <param name="Title">The kind of problem, always in the same words.</param>
/// <param name="Detail">Says what came, what was expected, what to do.</param>
public sealed record Problem(int Status, string Title, string Detail)
{
    /// <summary>The content type of the answer.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Says for a program why not; null where the status says it all.</summary>
    public string? Code { get; init; }

    /// <summary>The members to change; null where none is at fault.</summary>
    public IReadOnlyList<RequestProblem>? Problems { get; init; }

    /// <summary>The result of each request of a batch, in its order.</summary>
    public IReadOnlyList<IntakeResult>? Results { get; init; }

    /// <summary>The body of the answer.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, IntakeJson.Default.Problem);
}
