using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>
/// The management operations of Service Bus as far as they read. https://learn.microsoft.com/rest/api/servicebus/
/// Entities are made and changed by the broker's options alone.
/// </summary>
internal sealed class ManagementDesk(Entities entities, SharedAccessKey key, DateTimeOffset started) : IHttpApplication<HttpContext>
{
    private const int LargestPage = 100;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (key.Verify(context.Request.Headers.Authorization.ToString(), $"https://{context.Request.Host.Host}{path}", out var problem) is null)
        {
            context.Response.Headers.WWWAuthenticate = "SharedAccessSignature";
            return AnswerAsync(context, StatusCodes.Status401Unauthorized, Atom.Error(StatusCodes.Status401Unauthorized, problem));
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, Atom.Error(
                StatusCodes.Status405MethodNotAllowed,
                $"This broker shows its entities and changes none: {context.Request.Method} is not served, only GET. They are set where it is started."));
        }

        return Find(context.Request, EntityAddress.Normalize(path).Split('/')) is { } found
            ? AnswerAsync(context, StatusCodes.Status200OK, found)
            : AnswerAsync(context, StatusCodes.Status404NotFound, Atom.Error(
                StatusCodes.Status404NotFound, $"There is no queue, topic, subscription or rule '{path}' here."));
    }

    private XElement? Find(HttpRequest request, string[] path) => path switch
    {
        [var name] when Is(name, "$namespaceinfo") => Descriptions.Namespace(request.Host.Host, started),
        [var resources, var kind] when Is(resources, "$Resources") && Is(kind, "queues") => Feed(request, entities.Queues, Descriptions.Queue),
        [var resources, var kind] when Is(resources, "$Resources") && Is(kind, "topics") => Feed(request, entities.Topics, Descriptions.Topic),
        [var name] when entities.TryFindTopic(name, out var topic) => Descriptions.Topic(topic),
        [var name] when entities.TryFind(name, out var queue) => Descriptions.Queue(queue),
        [var name, var word, .. var rest] when Is(word, "Subscriptions") && entities.TryFindTopic(name, out var topic) => Find(request, topic, rest),
        _ => null,
    };

    private static XElement? Find(HttpRequest request, Topic topic, string[] path) => path switch
    {
        [] => Feed(request, topic.Subscriptions, Descriptions.Subscription),
        [var name, .. var rest] when topic.Subscriptions.FirstOrDefault(s => Is(s.Options.Name, name)) is { } subscription => rest switch
        {
            [] => Descriptions.Subscription(subscription),
            [var word] when Is(word, "rules") => Feed(request, [subscription], Descriptions.Rule),
            [var word, var rule] when Is(word, "rules") && Is(rule, subscription.Options.RuleName) => Descriptions.Rule(subscription),
            _ => null,
        },
        _ => null,
    };

    private static XElement Feed<T>(HttpRequest request, IEnumerable<T> all, Func<T, XElement> describe) =>
        Atom.Feed(all.Skip(Number(request, "$skip", 0)).Take(Number(request, "$top", LargestPage)).Select(describe));

    private static int Number(HttpRequest request, string name, int standard) =>
        int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : standard;

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);

    private static Task AnswerAsync(HttpContext context, int status, XElement content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/atom+xml;charset=utf-8";
        return context.Response.WriteAsync(content.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}
