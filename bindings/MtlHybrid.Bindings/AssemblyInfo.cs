using System.Runtime.CompilerServices;

// Every signature is blittable: what C# passes is what C receives, bit for bit.
[assembly: DisableRuntimeMarshalling]
