using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Intake;
using Ungroup.Requests;

namespace Ungroup.Functions.Http.Requests;

/// <summary>HTTP intake: one request or a batch becomes messages, after the checks of the queue.</summary>
public sealed class HttpIntake(IntakeReader reader, IntakeSender sender)
{
    public async Task<IActionResult> TakeAsync(RequestDoor door, HttpRequest request)
    {
        var body = await RequestBody.ReadAsync(request, IntakeReader.LongestBody);
        var traceParent = Activity.Current?.Id ?? request.Headers.TraceParent;
        return reader.Read(body, request.ContentType, RequestBody.Beside(request), door) switch
        {
            IntakeReading.One { Item: var item } => AnswerOne(await sender.EnqueueAsync(item, traceParent), request.HttpContext.Response),
            IntakeReading.Batch { Items: var items } => AnswerBatch(
                await Task.WhenAll(items.Select(item => sender.EnqueueAsync(item, traceParent))), request.HttpContext.Response),
            IntakeReading.Unreadable { Problem: var problem } => HttpAnswer.Invalid(problem),
            IntakeReading.TooLarge { Sentence: var sentence } =>
                HttpAnswer.TooLarge(sentence),
            IntakeReading.OtherType { Sentence: var sentence } =>
                HttpAnswer.Of(new Problem(StatusCodes.Status415UnsupportedMediaType, "Unsupported content type", sentence)),
            _ => throw new UnreachableException(),
        };
    }

    private static ContentResult AnswerOne(IntakeResult result, HttpResponse response)
    {
        switch (result.Status)
        {
            case IntakeStatus.Accepted:
                response.Headers.Location = result.Location;
                return HttpAnswer.Of(StatusCodes.Status202Accepted, result.ToJson());
            case IntakeStatus.Invalid:
                return HttpAnswer.Of(HttpAnswer.NothingEnqueued with { Problems = result.Problems });
            default:
                return HttpAnswer.Away(response, result.Sentence!, [result]);
        }
    }

    // Each request for itself: an incident does not wait for the typo of its neighbour.
    private static ContentResult AnswerBatch(IntakeResult[] results, HttpResponse response)
    {
        var unconfirmed = results.Count(result => result.Status == IntakeStatus.Unconfirmed);
        if (unconfirmed > 0)
        {
            return HttpAnswer.Away(
                response, $"The queue did not confirm that it has {unconfirmed} of {results.Length} requests; send those again, with the requestId in their result.", results);
        }

        var invalid = results.Count(result => result.Status == IntakeStatus.Invalid);
        return invalid == results.Length
            ? HttpAnswer.Of(HttpAnswer.NothingEnqueued with { Results = results })
            : HttpAnswer.Of(invalid > 0 ? StatusCodes.Status207MultiStatus : StatusCodes.Status202Accepted, IntakeResult.ToJson(results));
    }
}
