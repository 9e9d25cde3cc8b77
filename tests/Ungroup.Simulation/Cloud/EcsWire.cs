using System.Globalization;
using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud;

/// <summary>The way from one worker to ECS, in the place of a socket.</summary>
internal sealed class EcsWire(World world, WorkerProcess worker, LedgerOwner owner, QuotaLimiters limiters) : HttpMessageHandler
{
    private readonly Process _process = worker.Process;
    private readonly WorkerClock _clock = worker.Clock;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Read(request);
        world.History.Add(_process.Name, new Happening.CallBegan(call));
        worker.KeepPace();
        var dated = DateTimeOffset.Parse(request.Headers.NonValidated["x-acs-date"].ToString(), CultureInfo.InvariantCulture);
        var (trip, answer) = world.EcsTrips.Plan(call, () => IsInTime(dated) ? world.Ecs.Answer(call) : WrongDate());
        try
        {
            var said = await world.Wire.CallAsync(_process, trip, answer, cancellationToken);
            var hint = said.RetryAfter is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
            world.History.Add(_process.Name, new Happening.CallEnded(call, said.Code, hint, BeliefOf(call)));
            return said.ToResponse();
        }
        catch (Exception problem)
        {
            world.History.Add(_process.Name, new Happening.CallEnded(call, $"NoReply: {problem.Message}", null, BeliefOf(call))
            {
                NeverLeft = problem is HttpRequestException && !NoReply.Of(problem).WasSent,
            });
            throw;
        }
    }

    // ECS takes dates within 15 minutes of its own.
    private bool IsInTime(DateTimeOffset dated) => (dated - world.Schedule.Now).Duration() <= TimeSpan.FromMinutes(15);

    private EcsAnswer WrongDate()
    {
        world.History.Count(Incident.EcsDateRefused);
        return EcsAnswer.WrongDate(world.Schedule.Now);
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
        var call = new EcsExchange(
            world.NextCall(),
            _process.Name,
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
            At = world.Schedule.Now,
            WorkerTime = _clock.GetUtcNow(),
            PassedAt = passedAt ?? (world.Schedule.Now, _clock.GetUtcNow()),
            IsProtected = asked is not null && (worker.Machine.Protected.Contains(asked.SecurityGroup.Value) || worker.Machine.Protected.Contains(asked.Resource.Value)),
        };
        return call with { Belief = BeliefOf(call) };
    }

    private QuotaBelief BeliefOf(EcsExchange call)
    {
        var look = limiters[new(call.Account, call.Region, call.Action)].Look();
        return new(look.Estimate, look.State, world.Schedule.Now - (limiters.Clock.GetUtcNow() - look.Window));
    }
}
