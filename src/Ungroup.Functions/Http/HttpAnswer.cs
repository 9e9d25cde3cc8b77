using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Intake;
using Ungroup.Requests;

namespace Ungroup.Functions.Http;

/// <summary>JSON of ours, whatever a client would rather accept.</summary>
internal static class HttpAnswer
{
    private const string RetryAfterSeconds = "15";

    public static Problem NothingEnqueued { get; } =
        new(StatusCodes.Status400BadRequest, "Invalid request", "Nothing was enqueued; every problem names the member to change.");

    public static ContentResult Of(int status, string json, string contentType = "application/json") =>
        new() { StatusCode = status, Content = json, ContentType = contentType };

    public static ContentResult Of(Problem problem) => Of(problem.Status, problem.ToJson(), Problem.ContentType);

    public static ContentResult Invalid(RequestProblem problem) =>
        Of(new Problem(StatusCodes.Status400BadRequest, "Invalid request", problem.Sentence) { Problems = [problem] });

    public static ContentResult TooLarge(string sentence) => Of(new Problem(StatusCodes.Status413PayloadTooLarge, "Too large", sentence));

    public static ContentResult TooLarge(int longest) => TooLarge($"The body had more than {longest:N0} bytes.");

    public static ContentResult Away(HttpResponse response, string detail, IReadOnlyList<IntakeResult>? results = null)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Of(new Problem(StatusCodes.Status503ServiceUnavailable, "Try again", detail) { Results = results });
    }
}
