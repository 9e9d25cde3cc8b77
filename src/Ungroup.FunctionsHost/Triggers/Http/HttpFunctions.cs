using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ungroup.FunctionsHost.Rpc;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost.Triggers.Http;

/// <summary>Calls an HTTP function: the worker gets an invocation, and at the same time the request itself.</summary>
internal sealed class HttpFunctions(Invoker invoker, FunctionKey key, HostWatch watch) : IDisposable
{
    private readonly RequestForwarder _forwarder = new();

    public void Map(WebApplication server, Trigger.Http trigger, string routePrefix)
    {
        var route = trigger.Text("route") is { Length: > 0 } given ? given : trigger.Function;
        var pattern = routePrefix.Length == 0 ? $"/{route}" : $"/{routePrefix}/{route}";
        var methods = trigger.Settings["methods"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } named
            ? named.Select(method => $"{method}".ToUpperInvariant())
            : ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
        server.MapMethods(pattern, methods, http => AnswerAsync(http, trigger)).WithMetadata(trigger);
    }

    public void Dispose() => _forwarder.Dispose();

    private async Task AnswerAsync(HttpContext http, Trigger.Http trigger)
    {
        if (!key.Opens(trigger, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            var worker = await invoker.HttpAsync(http.RequestAborted);
            var request = Request(http, trigger);
            var invocation = invoker.InvokeAsync(trigger.Function, request, http.RequestAborted);
            var forwarding = _forwarder.ForwardAsync(http, worker, request.InvocationId);
            await Task.WhenAll(invocation, forwarding);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception failed) when (failed is InvocationFailedException or WorkerGoneException or FunctionsHostException or HttpRequestException)
        {
            watch.Told($"{trigger.Function} did not answer an HTTP request: {failed.Message}");
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
    }

    // The worker binds parameters by the values of the route.
    private static InvocationRequest Request(HttpContext http, Trigger.Http trigger)
    {
        var request = Invoker.Request(http.Request.Headers.TraceParent);
        request.InputData.Add(new ParameterBinding { Name = trigger.Parameter, Data = new() { Http = new() } });
        foreach (var (name, value) in http.Request.RouteValues.Where(value => value.Value is not null))
        {
            request.TriggerMetadata[name] = new() { String = $"{value}" };
        }

        return request;
    }
}
