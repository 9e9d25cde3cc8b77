using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Inspection;

/// <summary>`/_sim`: the world as it is, the calls that came and what they changed; and whatever else should happen to it.</summary>
internal sealed class InspectionDesk(World world, RequestLog requests, TimeProvider clock)
{
    public Task AnswerAsync(HttpContext http) => (http.Request.Method, http.Request.Path.Value) switch
    {
        ("GET", "/_sim/state") => SendAsync(http, 200, json => StateReport.Write(json, world, requests, clock.GetUtcNow())),
        ("GET", "/_sim/requests") => SendAfterAsync(http, "requests", requests.Snapshot(), request => request.Number),
        ("GET", "/_sim/memberships") => SendAfterAsync(http, "memberships", world.MembershipChanges, change => change.Number),
        ("POST", "/_sim/changes") => TakeAsync(http, ChangeAsync),
        ("POST", "/_sim/faults") => TakeAsync(http, AddFaultAsync),
        ("POST", "/_sim/denials") => TakeAsync(http, SetDenialAsync),
        ("POST", "/_sim/roles") => TakeAsync(http, SetRoleAsync),
        _ => ProblemAsync(
            http,
            404,
            "There are GET /_sim/state, GET /_sim/requests?after=N, GET /_sim/memberships?after=N, POST /_sim/changes, POST /_sim/faults, POST /_sim/denials and POST /_sim/roles."),
    };

    private static Task SendAfterAsync<T>(HttpContext http, string name, IReadOnlyList<T> all, Func<T, long> numberOf)
    {
        var after = http.Request.Query["after"].ToString();
        if (!long.TryParse(after.Length == 0 ? "0" : after, out var number))
        {
            return ProblemAsync(http, 400, $"`after` was `{after}`; expected the number of one of the {name}.");
        }

        return SendAsync(http, 200, json =>
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, all.Where(one => numberOf(one) > number), JsonSerializerOptions.Web);
        });
    }

    private async Task ChangeAsync(HttpContext http, string text)
    {
        var problem = world.Change(text);
        await world.SaveAsync();
        await (problem is null
            ? SendAsync(http, 200, json => json.WriteNumber("toCome", world.ChangesToCome))
            : ProblemAsync(http, 409, problem));
    }

    private Task AddFaultAsync(HttpContext http, string text)
    {
        world.AddFault(text);
        return SendAsync(http, 200, json => json.WriteNumber("faults", world.Faults.Snapshot().Count));
    }

    /// <summary>`{ "securityGroupId": "sg-1", "lifted": false }`.</summary>
    private Task SetDenialAsync(HttpContext http, string text)
    {
        world.SetDenial(text);
        return SendAsync(http, 200, json => json.WriteNumber("denials", world.Denials.Count));
    }

    /// <summary>`{ "role": "ungroup", "revoked": true }`.</summary>
    private Task SetRoleAsync(HttpContext http, string text)
    {
        var json = new ObjectAt(JsonAt.Parse(text, "role"), "the role", "role");
        var (role, revoked) = (json.Text("role"), json.Flag("revoked", otherwise: true));
        json.Done();
        return world.TrySetRevoked(role, revoked)
            ? SendAsync(http, 200, answer => answer.WriteBoolean("revoked", revoked))
            : ProblemAsync(http, 404, $"This world has no role `{role}`.");
    }

    private static async Task TakeAsync(HttpContext http, Func<HttpContext, string, Task> take)
    {
        using var reader = new StreamReader(http.Request.Body);
        try
        {
            await take(http, await reader.ReadToEndAsync(http.RequestAborted));
        }
        catch (WorldFileException problem)
        {
            await ProblemAsync(http, 400, problem.Message);
        }
    }

    private static Task ProblemAsync(HttpContext http, int status, string problem) =>
        SendAsync(http, status, json => json.WriteString("problem", problem));

    private static Task SendAsync(HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json;charset=utf-8";
        return http.Response.Body.WriteAsync(Payload.Json(members), http.RequestAborted).AsTask();
    }
}
