// Keeps those who read the parameters of a network on threads of their own (predictors) apart from the calls
// that change them: who comes second gets MTL_BUSY.
//
// Readers never touch a word that another reader writes, so that they do not slow each other down. A reader
// raises its own flag and then looks at the writer's; the writer raises its flag and then looks at those of
// all readers. Whatever the order, one of the two sees the other (both in one order: seq_cst).
#ifndef MTL_GRAPH_PARAMETER_ACCESS_H
#define MTL_GRAPH_PARAMETER_ACCESS_H

#include <atomic>
#include <mutex>
#include <vector>

namespace mtl {

class ParameterAccess {
 public:
  // One that reads, by one thread at a time. The access must outlive it.
  class Reader {
   public:
    explicit Reader(ParameterAccess& access);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

   private:
    friend class ParameterAccess;
    friend class Read;
    ParameterAccess& access_;
    alignas(64) std::atomic<bool> reading_{false};
  };

  // The right to read, held for the length of one call.
  class Read {
   public:
    explicit Read(Reader& reader);
    ~Read() { reader_.reading_.store(false, std::memory_order_release); }
    Read(const Read&) = delete;
    Read& operator=(const Read&) = delete;

   private:
    Reader& reader_;
  };

  // The right to change the parameters, held for the length of one call. One thread at a time asks for it.
  class Write {
   public:
    explicit Write(ParameterAccess& access);
    ~Write() { access_.writing_.store(false, std::memory_order_release); }
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

   private:
    ParameterAccess& access_;
  };

 private:
  bool any_reading();

  alignas(64) std::atomic<bool> writing_{false};
  std::mutex readers_mutex_;
  std::vector<Reader*> readers_;
};

}  // namespace mtl

#endif
