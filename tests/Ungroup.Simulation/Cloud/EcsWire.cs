using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud;

/// <summary>The way from one worker to ECS, in the place of a socket.</summary>
internal sealed class EcsWire(World world, Process process, WorkerClock clock, LedgerOwner owner, IReadOnlySet<string> isProtected) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Read(request);
        world.History.Add(process.Name, new Happening.CallBegan(call));
        var (trip, answer) = world.EcsTrips.Plan(call, () => world.Ecs.Answer(call));
        try
        {
            var said = await world.Wire.CallAsync(process, trip, answer, cancellationToken);
            var hint = said.RetryAfter is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
            world.History.Add(process.Name, new Happening.CallEnded(call, said.Code, hint, clock.GetUtcNow()));
            return said.ToResponse();
        }
        catch (Exception problem)
        {
            world.History.Add(process.Name, new Happening.CallEnded(call, $"NoReply: {problem.Message}", null, clock.GetUtcNow()));
            throw;
        }
    }

    private EcsExchange Read(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        var query = uri.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]).Trim('[', ']', '"'));
        var letter = CurrentWork.Of?.Receipt?.Letter;
        var asked = letter?.Request;
        var action = request.Headers.NonValidated["x-acs-action"].ToString();
        var passedAt = action == "LeaveSecurityGroup" ? CurrentWork.Of?.TakePassedAt() : null;
        return new(
            world.NextCall(),
            process.Name,
            action,
            uri.Host.Split('.')[0],
            query["RegionId"],
            query.GetValueOrDefault("InstanceId") ?? query.GetValueOrDefault("InstanceIds") ?? query.GetValueOrDefault("NetworkInterfaceId")
                ?? query.GetValueOrDefault("NetworkInterfaceId.1") ?? "",
            query.GetValueOrDefault("SecurityGroupId") ?? query.GetValueOrDefault("SecurityGroupIds") ?? "")
        {
            Letter = letter,
            Owner = owner.Id,
            IsLockKnownLost = CurrentWork.Of?.Lost.IsCancellationRequested == true,
            Held = letter?.Key is { } key ? world.Store.Peek(key) : null,
            WorkerTime = clock.GetUtcNow(),
            PassedAt = passedAt ?? (world.Schedule.Now, clock.GetUtcNow()),
            IsProtected = asked is not null && (isProtected.Contains(asked.SecurityGroup.Value) || isProtected.Contains(asked.Resource.Value)),
        };
    }
}
