using System.Globalization;
using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud.Ecs;

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
        var work = CurrentWork.Of;
        var held = work?.Key is { } key ? world.Store.Peek(key) : null;
        List<string> named = [.. Numbered(query, "NetworkInterfaceId."), .. query.GetValueOrDefault("InstanceIds")?.Split("\",\"") ?? []];
        var groups = query.Where(pair => pair.Key.StartsWith("SecurityGroupId", StringComparison.Ordinal)).Select(pair => pair.Value).ToList();
        var call = new EcsExchange(
            world.NextCall(),
            _process.Name,
            request.Headers.NonValidated["x-acs-action"].ToString(),
            uri.Host.Split('.')[0],
            query["RegionId"],
            query.GetValueOrDefault("InstanceId") ?? query.GetValueOrDefault("NetworkInterfaceId") ?? named.FirstOrDefault() ?? "",
            string.Join(',', groups))
        {
            Groups = groups,
            Named = named,
            From = query.ContainsKey("SecurityGroupId") && request.Headers.NonValidated["x-acs-action"].ToString() is "DescribeInstances" or "DescribeNetworkInterfaces"
                ? query.GetValueOrDefault("NextToken") ?? "" : null,
            IsDryRun = query.ContainsKey("DryRun"),
            Receipt = work?.Receipt,
            Key = work?.Key,
            Request = work?.Receipt?.Letter.Request ?? held?.Record.Request,
            Owner = owner.Id,
            IsLockKnownLost = work?.Lost.IsCancellationRequested == true,
            Held = held,
            At = world.Schedule.Now,
            WorkerTime = _clock.GetUtcNow(),
        };
        call = call with
        {
            PassedAt = (call.IsChange ? work?.TakePassedAt() : null) ?? (world.Schedule.Now, _clock.GetUtcNow()),
            IsProtected = worker.Machine.Protected.Contains(call.Resource) || world.Ecs.Resources[call.Resource] is { } resource && call.Leaves(resource.Groups).Any(worker.Machine.Protected.Contains),
        };
        return call with { Belief = BeliefOf(call) };
    }

    private static List<string> Numbered(Dictionary<string, string> query, string prefix) =>
        [.. query.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => pair.Value)];

    private QuotaBelief BeliefOf(EcsExchange call)
    {
        var look = limiters[new(call.Account, call.Region, call.Action)].Look();
        return new(look.Estimate, look.State, world.Schedule.Now - (limiters.Clock.GetUtcNow() - look.Window));
    }
}
