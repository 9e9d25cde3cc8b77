using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Inspection;

/// <summary>`/_sim`: the world as it is, the calls that came, and more faults on request.</summary>
internal sealed class InspectionDesk(World world, RequestLog requests, TimeProvider clock)
{
    public Task AnswerAsync(HttpContext http) => (http.Request.Method, http.Request.Path.Value) switch
    {
        ("GET", "/_sim/state") => SendAsync(http, 200, json => StateReport.Write(json, world, requests, clock.GetUtcNow())),
        ("GET", "/_sim/requests") => SendAfterAsync(http, "requests", requests.Snapshot(), request => request.Number),
        ("GET", "/_sim/memberships") => SendAfterAsync(http, "memberships", world.Memberships.Snapshot(), change => change.Number),
        ("POST", "/_sim/changes") => ChangeAsync(http),
        ("POST", "/_sim/faults") => AddFaultAsync(http),
        ("POST", "/_sim/denials") => SetDenialAsync(http),
        ("POST", "/_sim/roles") => SetRoleAsync(http),
        _ => SendAsync(http, 404, json => json.WriteString(
            "problem", "There are GET /_sim/state, GET /_sim/requests?after=N, GET /_sim/memberships?after=N, POST /_sim/changes, POST /_sim/faults, POST /_sim/denials and POST /_sim/roles.")),
    };

    private static Task SendAfterAsync<T>(HttpContext http, string name, IReadOnlyList<T> all, Func<T, long> numberOf)
    {
        var after = http.Request.Query["after"].ToString();
        if (!long.TryParse(after.Length == 0 ? "0" : after, out var number))
        {
            return SendAsync(http, 400, json => json.WriteString("problem", $"`after` was `{after}`; expected the number of one of the {name}."));
        }

        return SendAsync(http, 200, json =>
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, all.Where(one => numberOf(one) > number), JsonSerializerOptions.Web);
        });
    }

    private async Task ChangeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            var refusal = world.Change(text);
            await world.SaveAsync();
            await (refusal is { } problem
                ? SendAsync(http, 409, json => json.WriteString("problem", problem))
                : SendAsync(http, 200, json => json.WriteNumber("toCome", world.Changes.Entries.Count(entry => entry.Countdown.Left > 0))));
        }
        catch (WorldFileException problem)
        {
            await SendAsync(http, 400, json => json.WriteString("problem", problem.Message));
        }
    }

    private async Task AddFaultAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            world.AddFault(text);
            await SendAsync(http, 200, json => json.WriteNumber("faults", world.Faults.Snapshot().Count));
        }
        catch (WorldFileException problem)
        {
            await SendAsync(http, 400, json => json.WriteString("problem", problem.Message));
        }
    }

    /// <summary>`{ "securityGroupId": "sg-1", "lifted": false }`.</summary>
    private async Task SetDenialAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            world.SetDenial(text);
            await SendAsync(http, 200, json => json.WriteNumber("denials", world.Denials.Count));
        }
        catch (WorldFileException problem)
        {
            await SendAsync(http, 400, json => json.WriteString("problem", problem.Message));
        }
    }

    /// <summary>`{ "role": "ungroup", "revoked": true }`.</summary>
    private async Task SetRoleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            var json = new ObjectAt(JsonAt.Parse(text, "role"), "the role", "role");
            var (role, revoked) = (json.Text("role"), json.Flag("revoked", otherwise: true));
            json.Done();
            await (world.TrySetRevoked(role, revoked)
                ? SendAsync(http, 200, answer => answer.WriteBoolean("revoked", revoked))
                : SendAsync(http, 404, answer => answer.WriteString("problem", $"This world has no role `{role}`.")));
        }
        catch (WorldFileException problem)
        {
            await SendAsync(http, 400, json => json.WriteString("problem", problem.Message));
        }
    }

    private static Task SendAsync(HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json;charset=utf-8";
        return http.Response.Body.WriteAsync(Payload.Json(members), http.RequestAborted).AsTask();
    }
}
