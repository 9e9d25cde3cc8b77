using Ungroup.Sandbox.Ecs.Identity;
using Ungroup.Sandbox.Ecs.Inspection;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Sts;

namespace Ungroup.Sandbox.Ecs;

/// <summary>The desks that answer calls, and the log, the keys and the sessions that they share.</summary>
internal sealed class Desks : IDisposable
{
    public Desks(World world, SimulatorOptions options, CancellationToken stopping)
    {
        var sessions = new SessionBook();
        var signatures = new SignatureGate(new KeyRing(world.Accounts, sessions), options);
        Requests = new RequestLog(options.RequestLogCapacity);
        Identity = new IdentityDesk(world, Signer, options, Requests);
        Front = new FrontDoor(
            new EcsGateway(world, options, signatures, Requests, stopping),
            new StsGateway(world, options, new Issuance(world, Signer, sessions, options), signatures, Requests),
            Identity,
            new InspectionDesk(world, Requests, options.Clock),
            stopping);
    }

    public TokenSigner Signer { get; } = new();

    public RequestLog Requests { get; }

    public IdentityDesk Identity { get; }

    public FrontDoor Front { get; }

    public void Dispose() => Signer.Dispose();
}
