using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>Every session there has been; those that have expired stay, so that ECS can say so.</summary>
internal sealed class SessionBook
{
    private readonly ConcurrentDictionary<string, Session> _byKey = new();

    public Session Open(Role role, string name, DateTimeOffset expires, SessionPolicy? policy)
    {
        var session = new Session(role, name, expires, policy)
        {
            AccessKeyId = $"STS.{RandomNumberGenerator.GetHexString(20)}",
            AccessKeySecret = RandomNumberGenerator.GetHexString(40),
            SecurityToken = $"CAIS{Convert.ToBase64String(RandomNumberGenerator.GetBytes(240))}",
        };
        _byKey[session.AccessKeyId] = session;
        return session;
    }

    public Session? Find(string accessKeyId) => _byKey.GetValueOrDefault(accessKeyId);
}
